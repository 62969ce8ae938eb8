package io.idempotenttrace.examples.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** The statuses are those of the table in agent/docs/exceptions.md. */
class SpanControllerTest {

    private final SpanController controller = new SpanController(null);

    @Test
    void aConflictIsNotToBeSentAgain() {
        ProblemDetail answer =
                controller.conflict(new TraceConflictException("another payload", "acme", "1", null, null));
        assertEquals(422, answer.getStatus());
    }

    @Test
    void aRequestWhoseKeyIsHeldIsToBeSentAgain() {
        assertAgain(409, controller.inProgress(new TraceInProgressException("it runs", "acme", "1", null, null)));
    }

    @Test
    void aRequestThatRedisDidNotAnswerForIsToBeSentAgain() {
        assertAgain(503, controller.unavailable(new IdempotencyStoreException("away", "acme", "1", null, null)));
    }

    private static void assertAgain(int status, ResponseEntity<ProblemDetail> answer) {
        assertEquals(status, answer.getStatusCode().value());
        assertEquals("1", answer.getHeaders().getFirst(HttpHeaders.RETRY_AFTER));
    }
}
