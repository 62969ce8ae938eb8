package io.idempotenttrace.examples.springboot;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes spans, and tells the client what to do where none was emitted: by the statuses of the IETF's Idempotency-Key draft. The messages of
 * the exceptions are for the log alone: they tell of another client's payload, and of hosts.
 */
@RestController
class SpanController {

    private static final HttpStatusCode UNPROCESSABLE = HttpStatusCode.valueOf(422);

    private static final Logger LOG = LoggerFactory.getLogger(SpanController.class);

    private final SpanEmitter emitter;

    SpanController(SpanEmitter emitter) {
        this.emitter = emitter;
    }

    @PostMapping("/spans")
    Receipt emit(@RequestBody Span span) {
        return emitter.emit(span);
    }

    @GetMapping("/spans")
    List<Span> emitted() {
        return emitter.emitted();
    }

    /** It was emitted before, and what the client got then is not stored. */
    @ExceptionHandler
    ResponseEntity<Void> done(DuplicateTraceException duplicate) {
        LOG.info(duplicate.getMessage());
        return ResponseEntity.noContent().build();
    }

    /** The client has used one key for two spans: to send it again would change nothing. */
    @ExceptionHandler
    ProblemDetail conflict(TraceConflictException conflict) {
        LOG.warn(conflict.getMessage());
        return ProblemDetail.forStatusAndDetail(UNPROCESSABLE, "this key was used for another span");
    }

    /** Another request with this key is running, perhaps in another replica: the client shall send it again. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> inProgress(TraceInProgressException undecided) {
        LOG.info(undecided.getMessage());
        return again(HttpStatus.CONFLICT, "a request with this key is running");
    }

    /** Redis could not be asked: the client shall send it again. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unavailable(IdempotencyStoreException outage) {
        LOG.warn(outage.getMessage());
        return again(HttpStatus.SERVICE_UNAVAILABLE, "try again later");
    }

    private static ResponseEntity<ProblemDetail> again(HttpStatus status, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        return ResponseEntity.of(problem).header("Retry-After", "1").build();
    }

    /** The database has refused the span, and the transaction is rolled back. */
    @ExceptionHandler
    ProblemDetail refused(DataIntegrityViolationException refusal) {
        return ProblemDetail.forStatusAndDetail(UNPROCESSABLE, "the database refuses this span");
    }
}
