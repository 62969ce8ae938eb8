package io.idempotenttrace.scala

import io.idempotenttrace.{IdempotencyKey, IdempotentTrace}

enum Color:
  case Red, Blue
  @IdempotentTrace def paint(@IdempotencyKey key: String): String = Bodies.ran(key)
object Color:
  @IdempotentTrace def make(@IdempotencyKey key: String): String = Bodies.ran(key)

@IdempotentTrace def topLevel(@IdempotencyKey key: String, n: Int = 3): String = Bodies.ran(key + n)
def callTopLevel(key: String): String = topLevel(key)
extension (s: String) @IdempotentTrace def extension(@IdempotencyKey key: String): String = Bodies.ran(s + key)
def callExtension(key: String): String = "s".extension(key)

class Exporting(val sink: SinkA):
  export sink.{emit, abs}
