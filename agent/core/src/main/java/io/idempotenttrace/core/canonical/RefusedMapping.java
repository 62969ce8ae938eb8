package io.idempotenttrace.core.canonical;

/** A class whose values can't be hashed. */
final class RefusedMapping extends ValueMapping {

    private final String reason;

    /** @param reason names the class, why, and what to do */
    RefusedMapping(String reason) {
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    @Override
    void write(CanonicalWriter writer, Object value) {
        throw writer.refused(reason, null);
    }

    @Override
    Object child(Object value, String segment) {
        throw new UnhashableException("", reason, null);
    }

    @Override
    Object textOrBytes(Object value) {
        throw new UnhashableException("", reason, null);
    }

    @Override
    String keyText(Object value) {
        throw new UnhashableException("", reason, null);
    }
}
