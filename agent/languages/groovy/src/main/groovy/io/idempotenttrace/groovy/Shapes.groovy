package io.idempotenttrace.groovy

import groovy.transform.CompileStatic
import groovy.transform.Memoized
import groovy.transform.NamedParam
import groovy.transform.NamedVariant
import groovy.transform.Synchronized
import groovy.transform.TailRecursive
import groovy.transform.WithReadLock
import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace
import io.idempotenttrace.Unhashed
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger

class Bodies {
    public static final AtomicInteger runs = new AtomicInteger()
    static String ran(Object result) { runs.incrementAndGet(); result.toString() }
}

trait Sink {
    @IdempotentTrace String emit(@IdempotencyKey String key, String note) { Bodies.ran("$key $note") }
    @IdempotentTrace String hashed(String note) { Bodies.ran(note) }
    @IdempotentTrace String two(@IdempotencyKey String key, int n = 3, String p = 'x') { Bodies.ran("$key $n $p") }
    @IdempotentTrace static String stat(@IdempotencyKey String key) { Bodies.ran(key) }
    @IdempotentTrace private String hidden(@IdempotencyKey String key) { Bodies.ran(key) }
    @IdempotentTrace abstract String abs(@IdempotencyKey String key)
    String callHidden(String key) { hidden(key) }
}

@CompileStatic trait StaticSink {
    @IdempotentTrace String compiled(@IdempotencyKey String key, String note, long n = 4L) { Bodies.ran("$key $note $n") }
}

class SinkA implements Sink {
    String region = 'eu'
    @IdempotentTrace String abs(@IdempotencyKey String key) { Bodies.ran(key) }
}

class SinkB extends SinkA implements StaticSink { String region = 'us' }

class Owner {
    @Delegate(methodAnnotations = true, parameterAnnotations = true) Owned owned = new Owned()
}

class Owned { @IdempotentTrace String own(@IdempotencyKey String key) { Bodies.ran(key) } }

class Emitter {
    int five() { 5 }
    @IdempotentTrace String dyn(@IdempotencyKey String key, note = 'x', n = 3) { Bodies.ran("$key $note $n") }
    @IdempotentTrace String computed(@IdempotencyKey String key, note = key + 'y', n = five()) { Bodies.ran("$key $note $n") }
    @IdempotentTrace @CompileStatic String compiled(@IdempotencyKey String key, String note = 'x', long l = 4L, Map m = [:], List q = [key, 1]) {
        Bodies.ran("$key $note $l $m $q")
    }
    @IdempotentTrace static String stat(@IdempotencyKey String key, String note = 'x', double d = 3.0d) { Bodies.ran("$key $note") }
    @IdempotentTrace int number(@IdempotencyKey String key, int n = 2) { Bodies.ran(key); n }
    @IdempotentTrace void nothing(@IdempotencyKey String key, String note = null) { Bodies.ran(key) }
    @IdempotentTrace protected String prot(@IdempotencyKey String key, int n = 4) { Bodies.ran("$key $n") }
    @IdempotentTrace private String hidden(@IdempotencyKey String key) { Bodies.ran(key) }
    String callHidden(String key) { [key].collect { hidden(it) }.first() }
    String callProt(String key) { prot(key) }
    @IdempotentTrace String closure(@IdempotencyKey String key) { Bodies.ran([1, 2].collect { it + key }.join(',')) }
    @IdempotentTrace String given(@IdempotencyKey String key, @Unhashed Closure what) { what(key) }
    @IdempotentTrace @Synchronized String synced(@IdempotencyKey String key) { Bodies.ran(key) }
    @IdempotentTrace @WithReadLock String locked(@IdempotencyKey String key) { Bodies.ran(key) }
    @IdempotentTrace @Memoized String memo(@IdempotencyKey String key) { Bodies.ran(key) }
    @IdempotentTrace @TailRecursive String tail(@IdempotencyKey String key, int n) { n == 0 ? Bodies.ran(key) : tail(key, n - 1) }
    @IdempotentTrace @NamedVariant String named(@IdempotencyKey String key, @NamedParam int n) { Bodies.ran("$key $n") }
    @IdempotentTrace CompletableFuture<String> future(@IdempotencyKey String key, String note = 'a') {
        CompletableFuture.completedFuture(Bodies.ran("$key $note"))
    }
}

@CompileStatic class Above extends Emitter { @Override @IdempotentTrace String synced(@IdempotencyKey String key) { super.synced(key) } }
