package io.idempotenttrace.examples.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Report REPORT = new Report(1041, 3123, 1037, 2074, 12, 0, 0.5);

    @Test
    void programsGetOneLineOfJson() {
        assertEquals(
                "{\"spans\":1041,\"deliveries\":3123,\"emitted\":1037,\"duplicates\":2074,\"conflicts\":12,\"errors\":0,"
                        + "\"seconds\":0.500}",
                REPORT.json());
    }

    @Test
    void peopleGetATableWithTheRate() {
        assertEquals(
                List.of(
                        "  spans                      1,041",
                        "  deliveries                 3,123",
                        "  bodies run                 1,037",
                        "  duplicates                 2,074",
                        "  conflicts                     12",
                        "  errors                         0",
                        "  seconds                     0.50",
                        "  verdicts per second        6,246"),
                REPORT.table().lines().toList());
    }

    @Test
    void aRunOfNoTimeHasARate() {
        assertEquals(
                "  verdicts per second        1,000",
                new Report(1, 1, 1, 0, 0, 0, 0).table().lines().toList().get(7));
    }

    @Test
    void progressTellsRateAndTimeLeft() {
        assertEquals("1,000 of 3,000 deliveries, 500 per second, 4 s left", Report.progress(1000, 3000, 2));
    }

    @Test
    void beforeTheFirstDeliveryNobodyKnowsHowMuchTimeIsLeft() {
        assertEquals("0 of 3,000 deliveries, 0 per second", Report.progress(0, 3000, 1));
    }

    @Test
    void atTheEndNoTimeIsLeft() {
        assertEquals("3,000 of 3,000 deliveries, 1,500 per second, 0 s left", Report.progress(3000, 3000, 2));
    }
}
