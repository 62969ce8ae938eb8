package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimRequestTest {

    private static final RecordId ID = new RecordId("t", "s", "k");
    private static final Object[] ARGUMENTS = {"argument"};
    private static final PayloadDigest OWN = new PayloadDigest(HashForm.DEFAULT, "a".repeat(64), "");
    private static final ClaimResult CONFLICT =
            new ClaimResult(Verdict.CONFLICT, "c".repeat(64), "", null, "digests", 1, 0, 0, "", 0, "jcs");

    /** Knows jcs alone, and there the payload has the hash that the record has. */
    private static final PayloadForms JCS = new PayloadForms() {

        @Override
        public PayloadDigest digest(HashForm form, String recordHash, Object[] arguments) {
            assertSame(ARGUMENTS, arguments);
            return form.text().equals("jcs") ? new PayloadDigest(form, recordHash, "") : null;
        }

        @Override
        public List<String> differing(RecordId record, String form, String digests, Object[] arguments) {
            assertSame(ARGUMENTS, arguments);
            return List.of(record.key(), form, digests);
        }
    };

    @Test
    void aPayloadIsHashedOnceInTheFormOfTheRecord() {
        ClaimRequest request = new ClaimRequest(ID, OWN, "trace", JCS, ARGUMENTS);
        ClaimRequest other = request.inForm("jcs", "b".repeat(64));
        assertNotNull(other);
        assertEquals("b".repeat(64), other.payload().hash());
        assertEquals("jcs", other.payload().form().text());
        assertEquals(ID, other.id());
        assertEquals("trace", other.traceId());
        assertNull(other.inForm("python", "b".repeat(64)), "a call does so once");
    }

    @Test
    void ofAFormThatIsItsOwnOrThatNobodyKnowsThereIsNone() {
        ClaimRequest request = new ClaimRequest(ID, OWN, "trace", JCS, ARGUMENTS);
        assertNull(request.inForm("python", "b".repeat(64)), "it has that form");
        assertNull(request.inForm("no-such-form", "b".repeat(64)));
        assertNull(request.inForm("python+hmac:k9", "b".repeat(64)), "the payload has no hash there");
        assertNull(new ClaimRequest(ID, OWN, "trace").inForm("jcs", "b".repeat(64)), "the payload is not known");
        assertNull(new ClaimRequest(ID, OWN, "trace", JCS, null).inForm("jcs", "b".repeat(64)));
        assertNull(new ClaimRequest(ID, OWN, "trace", null, ARGUMENTS).inForm("jcs", "b".repeat(64)));
    }

    @Test
    void theMembersThatDifferAreToldWhereThePayloadIsKnown() {
        assertEquals(List.of("k", "jcs", "digests"), new ClaimRequest(ID, OWN, "", JCS, ARGUMENTS).differing(CONFLICT));
        assertEquals(List.of(), new ClaimRequest(ID, OWN, "", JCS, null).differing(CONFLICT));
        assertEquals(List.of(), new ClaimRequest(ID, OWN, "", null, ARGUMENTS).differing(CONFLICT));
    }
}
