/**
 * Tells what was counted and decided to those by whom the application is watched: the JDK's Flight Recorder, OpenTelemetry, Micrometer, and
 * listeners of the application's own. But for the first, their classes are the application's: they are looked at once the application has
 * loaded them itself, called behind the door of {@code weaver.application}, and never held longer than their loader lives. What they throw
 * reaches no call.
 */
@NullMarked
package io.idempotenttrace.weaver.telemetry;

import org.jspecify.annotations.NullMarked;
