/** A program without a framework. */
package io.idempotenttrace.applications.plain;
