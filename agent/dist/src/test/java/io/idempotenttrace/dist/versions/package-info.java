/** Two versions of the agent side by side on one Redis. */
package io.idempotenttrace.dist.versions;
