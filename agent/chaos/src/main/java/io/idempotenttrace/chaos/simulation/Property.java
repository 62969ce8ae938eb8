package io.idempotenttrace.chaos.simulation;

/** What the oracle counts, by the names of the program's last line. */
enum Property {
    LOST("lost"),
    UNEXPLAINED("unexplained"),
    STUCK("stuck"),
    BAD_CONFLICT("badConflicts"),
    MISSED_CONFLICT("missedConflicts"),
    WRONG_VALUE("wrongValues");

    final String label;

    Property(String label) {
        this.label = label;
    }
}
