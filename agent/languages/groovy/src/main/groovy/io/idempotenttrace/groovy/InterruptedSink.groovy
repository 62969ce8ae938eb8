package io.idempotenttrace.groovy

import groovy.transform.ThreadInterrupt
import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace

/** The compiler puts a check in front of what every method of the file does, forwarders too. */
@ThreadInterrupt class InterruptedSink implements Sink {
    @IdempotentTrace String abs(@IdempotencyKey String key) { Bodies.ran(key) }
    @IdempotentTrace String defaults(@IdempotencyKey String key, int n = 3) { Bodies.ran("$key $n") }
}
