package io.idempotenttrace.config;

/** Why the JDK attaches to no process, for people. */
public final class AttachFailure {

    private AttachFailure() {}

    /** The JDK's text, in brackets. It may name the process with its command line, which may hold passwords: that is left out. */
    public static String reason(Exception failure) {
        String text = String.valueOf(failure.getMessage())
                .replaceFirst("(?s)\\(?\\bpid: .*", "")
                .strip();
        return text.isEmpty() ? "" : " (" + text + ")";
    }
}
