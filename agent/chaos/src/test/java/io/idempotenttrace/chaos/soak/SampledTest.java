package io.idempotenttrace.chaos.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampledTest {

    private static Sampled of(double... values) {
        Sampled sampled = new Sampled("things", 1);
        for (double value : values) {
            sampled.add(value);
        }
        return sampled;
    }

    @Test
    void whatFillsItsBoundAndStaysThereIsFlat() {
        Sampled sampled = of(1, 50, 100, 101, 99, 100, 102, 100);
        assertEquals(101, sampled.early());
        assertEquals(102, sampled.late());
        assertTrue(sampled.isFlat());
    }

    @Test
    void whatGrowsIsNot() {
        assertFalse(of(100, 101, 102, 103, 106, 108, 110, 112).isFlat());
    }

    @Test
    void onePeakIsNoGrowth() {
        assertTrue(
                of(100, 100, 100, 100, 100, 300, 100, 100, 100, 100, 100, 100).isFlat());
    }

    @Test
    void oneSampleIsEnoughToTellNothing() {
        assertTrue(of(5).isFlat());
    }

    @Test
    void eachResourceOfALineIsLookedAt() {
        SoakSamples samples = new SoakSamples(/* withServer= */ true);
        for (int i = 0; i < 8; i++) {
            samples.add("sample\t" + i * 100 + "\t1000000\t" + (20 + 5 * i) + "\t30\t0\t2000000", i << 23);
        }
        assertEquals(700, samples.calls());
        assertEquals(List.of("threads", "memory of Redis MiB"), samples.growing());
    }

    @Test
    void aLineThatIsNoSampleIsRefused() {
        assertThrows(IllegalStateException.class, () -> new SoakSamples(false).add("Exception in thread main", 0));
    }
}
