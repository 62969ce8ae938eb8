/** A Kafka consumer as users write one: it takes batches, and what is delivered again after a worker was killed is not emitted again. */
package io.idempotenttrace.examples.kafka;
