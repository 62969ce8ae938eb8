/**
 * What people need who write a client in another language: the scripts, the page that specifies the record, and cases to test a client
 * with. All are resources; this package knows nothing else of the core.
 */
@NullMarked
package io.idempotenttrace.core.spec;

import org.jspecify.annotations.NullMarked;
