/** Every kind of method, with every policy and return type: sources are generated, compiled and run in forked JVMs. */
package io.idempotenttrace.dist.matrix;
