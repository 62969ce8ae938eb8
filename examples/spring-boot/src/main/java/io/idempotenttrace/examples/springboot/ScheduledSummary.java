package io.idempotenttrace.examples.springboot;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** A scheduled job. Each replica runs it, and one of them emits. */
@Component
class ScheduledSummary {

    private final JdbcClient database;

    ScheduledSummary(JdbcClient database) {
        this.database = database;
    }

    @Scheduled(cron = "${summary.cron}", zone = "UTC")
    void run() {
        emit(Instant.now().truncatedTo(ChronoUnit.MINUTES));
    }

    /** Private, and called by its own class: no proxy would see the call. The key is the minute, on which all replicas agree. */
    @IdempotentTrace
    private void emit(@IdempotencyKey Instant endedAt) {
        database.sql("insert into summary select ?, count(*) from span")
                .param(endedAt.atOffset(ZoneOffset.UTC))
                .update();
    }
}
