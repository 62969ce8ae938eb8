package io.idempotenttrace.examples.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import java.util.List;
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
        assertEquals("this key was used for another span", answer.getDetail());
    }

    @Test
    void whatIsDoneAndHasNoStoredAnswerIsDone() {
        DuplicateTraceException duplicate = new DuplicateTraceException("done before", "acme", "1", null, null);
        assertEquals(204, controller.done(duplicate).getStatusCode().value());
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
        assertNotNull(answer.getBody());
        assertFalse(List.of("it runs", "away").contains(answer.getBody().getDetail()), answer::toString);
    }
}
