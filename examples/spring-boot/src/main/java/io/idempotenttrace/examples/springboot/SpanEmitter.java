package io.idempotenttrace.examples.springboot;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Emits spans into the database. */
@Service
class SpanEmitter {

    private final JdbcClient database;

    SpanEmitter(JdbcClient database) {
        this.database = database;
    }

    /**
     * The guarded method. Its call ends with the transaction: the key is completed after the commit, and free again after a rollback.
     */
    @Transactional
    @IdempotentTrace
    public Receipt emit(@IdempotencyKey({"/traceId", "/id"}) Span span) {
        KeyHolder position = new GeneratedKeyHolder();
        database.sql("insert into span (trace_id, id, service, duration_micros) values (?, ?, ?, ?)")
                .params(span.traceId(), span.id(), span.service(), span.durationMicros())
                .update(position, "position");
        database.sql("""
                        merge into service_total t using (values (?, ?)) s (service, duration_micros) on t.service = s.service
                        when matched then update set spans = t.spans + 1, duration_micros = t.duration_micros + s.duration_micros
                        when not matched then insert values (s.service, 1, s.duration_micros)""").params(span.service(), span.durationMicros()).update();
        return new Receipt(position.getKey().longValue());
    }

    List<Span> emitted() {
        return database.sql("select trace_id, id, service, duration_micros from span order by position")
                .query(Span.class)
                .list();
    }
}
