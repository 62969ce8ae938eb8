/** What the library's parts share. */
package io.idempotenttrace.core;
