/** Records in the memory of one process. */
package io.idempotenttrace.core.store.memory;
