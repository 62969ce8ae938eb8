/**
 * A worker that uses the library and no agent: it asks before it emits a span, and says when it has. The README shows its lines.
 */
package io.idempotenttrace.examples.library;
