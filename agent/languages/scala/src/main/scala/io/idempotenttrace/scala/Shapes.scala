package io.idempotenttrace.scala

import io.idempotenttrace.{IdempotencyKey, IdempotentTrace}
import java.util.concurrent.atomic.AtomicInteger
import scala.concurrent.duration.DurationInt
import scala.concurrent.{Await, ExecutionContext, Future}

object Bodies {
  val runs = new AtomicInteger
  def ran(result: String): String = { runs.incrementAndGet(); result }
}

trait Sink {
  @IdempotentTrace def emit(@IdempotencyKey key: String, note: String): String = Bodies.ran(key + note)
  @IdempotentTrace def hashed(note: String): String = Bodies.ran(note)
  @IdempotentTrace def defaults(@IdempotencyKey key: String, n: Int = 3, p: String = "x"): String = Bodies.ran(key + n + p)
  @IdempotentTrace final def fixed(@IdempotencyKey key: String): String = Bodies.ran(key)
  @IdempotentTrace private def hidden(@IdempotencyKey key: String): String = Bodies.ran(key)
  @IdempotentTrace def abs(@IdempotencyKey key: String): String
  def callDefaults(key: String): String = defaults(key)
  def callHidden(key: String): String = hidden(key)
  def callHiddenInClosure(key: String): String = List(key).map(k => hidden(k)).head
}
class SinkA(val region: String) extends Sink { @IdempotentTrace def abs(@IdempotencyKey key: String): String = Bodies.ran(key) }
class SinkB(region: String) extends SinkA(region) {
  @IdempotentTrace override def emit(@IdempotencyKey key: String, note: String): String = super.emit(key, note)
}
object SinkObject extends Sink { @IdempotentTrace def abs(@IdempotencyKey key: String): String = Bodies.ran(key) }
trait Loud extends Sink { @IdempotentTrace override def emit(@IdempotencyKey key: String, note: String): String = Bodies.ran(key + note) }
class Mixed extends SinkA("m") with Loud

object Alone {
  @IdempotentTrace def emit(@IdempotencyKey key: String): String = Bodies.ran(key)
  @IdempotentTrace def defaults(@IdempotencyKey key: String, n: Int = 3): String = Bodies.ran(key + n)
  @IdempotentTrace private def hidden(@IdempotencyKey key: String): String = Bodies.ran(key)
  @annotation.varargs @IdempotentTrace def many(@IdempotencyKey key: String, @io.idempotenttrace.Unhashed more: String*): String =
    Bodies.ran(key + more)
  def callDefaults(key: String): String = defaults(key)
  def callHidden(key: String): String = List(key).map(k => hidden(k)).head
}

class Companion { @IdempotentTrace def instance(@IdempotencyKey key: String): String = Bodies.ran(key) }
object Companion {
  @IdempotentTrace def own(@IdempotencyKey key: String, note: String): String = Bodies.ran(key + note)
  /** Another operation than the class's, in another default scope. */
  @IdempotentTrace def instance(@IdempotencyKey key: String): String = Bodies.ran(key)
}

case class Case(x: Int) { @IdempotentTrace def emit(@IdempotencyKey key: String): String = Bodies.ran(key) }

class Emitter {
  @IdempotentTrace def defaults(@IdempotencyKey key: String, note: String = "none", n: Int = 3): String = Bodies.ran(key + note + n)
  def callDefaults(key: String): String = defaults(key)
  def callNamed(key: String): String = defaults(n = 3, key = key)
  @IdempotentTrace def curried(@IdempotencyKey key: String)(n: Int)(implicit context: ExecutionContext): String = Bodies.ran(key + n)
  @IdempotentTrace def future(@IdempotencyKey key: String)(implicit context: ExecutionContext): Future[String] = Future(Bodies.ran(key))
  def callCurried(key: String): String = curried(key)(3)(ExecutionContext.global)
  def callFuture(key: String): String = Await.result(future(key)(ExecutionContext.global), 60.seconds)
  @IdempotentTrace def generic[T](@IdempotencyKey key: T): T = { Bodies.ran(""); key }
  @IdempotentTrace protected def guarded(@IdempotencyKey key: String): String = Bodies.ran(key)
  def callGuarded(key: String): String = guarded(key)
  @IdempotentTrace final def tail(@IdempotencyKey key: String, n: Int): String = if (n == 0) Bodies.ran(key) else tail(key, n - 1)
  @IdempotentTrace private[this] def hidden(@IdempotencyKey key: String): String = Bodies.ran(key)
  def callHidden(key: String): String = List(key).map(k => hidden(k)).head
  @IdempotentTrace def sync(@IdempotencyKey key: String): String = synchronized { Bodies.ran(key) }
  @IdempotentTrace @inline final def small(@IdempotencyKey key: String): String = Bodies.ran(key)
  @IdempotentTrace def state_=(@IdempotencyKey key: String): Unit = Bodies.ran(key)
  def state: String = ""
  def callLocal(key: String): String = {
    var count = 0
    @IdempotentTrace def local(@IdempotencyKey k: String): String = { count += 1; Bodies.ran(k) }
    local(key)
  }
}

class Specialized[@specialized(Int, Long) T] { @IdempotentTrace def emit(@IdempotencyKey key: T, n: T): String = Bodies.ran(s"$key $n") }
object Specialized {
  def boxed[T](on: Specialized[T], key: T, n: T): String = on.emit(key, n)
  def generic[T]: Specialized[T] = new Specialized[T]
}

trait Generic[T] { @IdempotentTrace def emit(@IdempotencyKey value: T): String = Bodies.ran("g") }
class GenericImpl extends Generic[String] { @IdempotentTrace override def emit(@IdempotencyKey value: String): String = Bodies.ran("i") }
class GenericInherited extends Generic[String]

class Value(val v: String) extends AnyVal { @IdempotentTrace def emit(@IdempotencyKey key: String): String = Bodies.ran(v + key) }
object Extensions {
  implicit class Rich(s: String) { @IdempotentTrace def rich(@IdempotencyKey key: String): String = Bodies.ran(s + key) }
}

object Calls {
  import Extensions.Rich
  def value(key: String): String = new Value("v").emit(key)
  def boxedValue(key: String): Any = List[Any](new Value("v")).map { case value: Value => value.emit(key) }.head
  def rich(key: String): String = "s".rich(key)
  def specialized(key: Int): String = new Specialized[Int].emit(key, 1)
  def specializedBoxed(key: Int): String = Specialized.boxed(new Specialized[Int], key, 1)
  def specializedGeneric(key: Int): String = Specialized.generic[Int].emit(key, 1)
  def mixed: Sink = new Mixed
}
