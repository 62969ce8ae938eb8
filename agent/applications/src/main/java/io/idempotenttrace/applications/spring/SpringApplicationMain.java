package io.idempotenttrace.applications.spring;

import java.util.List;
import org.slf4j.MDC;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Delivers each message twice to emitters of several kinds, and prints what their bodies saw. */
@SpringBootApplication
@EnableAsync
@EnableResilientMethods
@EnableTransactionManagement
public class SpringApplicationMain {

    /** @param arguments those of Spring, and {@code until-stopped} if the application is to run until its process is told to stop */
    public static void main(String[] arguments) throws InterruptedException {
        MDC.put("delivery", "17");
        ConfigurableApplicationContext context = SpringApplication.run(SpringApplicationMain.class, arguments);
        if (List.of(arguments).contains("until-stopped")) {
            runUntilStopped(context.getBean(EmitterAtTheStop.class));
        } else {
            deliver(context);
        }
    }

    private static void runUntilStopped(EmitterAtTheStop emitter) throws InterruptedException {
        for (int i = 0; i < EmitterAtTheStop.CALLS; i++) {
            emitter.emit("stopped-" + i);
        }
        emitter.awaitAll();
        System.out.println("running");
        Thread.currentThread().join();
    }

    private static void deliver(ConfigurableApplicationContext context) {
        Bodies bodies = context.getBean(Bodies.class);
        RecordingTransactions transactions = context.getBean(RecordingTransactions.class);

        TransactionalEmitter transactional = context.getBean(TransactionalEmitter.class);
        twice(() -> transactional.emit("t-1", "payload"));
        RetriedEmitter retried = context.getBean(RetriedEmitter.class);
        twice(() -> retried.emit("r-1", "payload"));
        SelfInvokingEmitter selfInvoking = context.getBean(SelfInvokingEmitter.class);
        twice(() -> selfInvoking.deliver("s-1", "payload"));
        KafkaListenerEndpointRegistry listeners = context.getBean(KafkaListenerEndpointRegistry.class);
        twice(() -> ListeningEmitter.deliver(listeners, "l-1", "payload"));
        AsynchronousEmitter asynchronous = context.getBean(AsynchronousEmitter.class);
        twice(() -> asynchronous.emit("a-1", "payload"));
        twice(() -> System.out.println(selfInvoking.store("v-1", 7)));
        System.out.println(selfInvoking.storeOther("v-1", 8));

        // Waits for what was handed to the executor, see application.properties.
        context.close();
        bodies.print();
        System.out.println("transactions " + transactions);
    }

    private static void twice(Runnable delivery) {
        delivery.run();
        delivery.run();
    }
}
