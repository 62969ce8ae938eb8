@file:JvmMultifileClass
@file:JvmName("Facade")

package io.idempotenttrace.kotlin.copies

import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace

@JvmOverloads @IdempotentTrace fun part(@IdempotencyKey key: String, n: Int = 3) = Bodies.ran("$key $n")
