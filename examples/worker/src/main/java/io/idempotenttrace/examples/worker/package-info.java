/**
 * A worker as users write one: it takes messages from an at-least-once queue and emits each span they carry through one
 * annotated method. Without the agent every delivery is emitted; with it, each span once.
 */
package io.idempotenttrace.examples.worker;
