package io.idempotenttrace.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the application. */
@SpringBootApplication
@EnableScheduling
public class SpringBootExample {

    public static void main(String[] arguments) {
        SpringApplication.run(SpringBootExample.class, arguments);
    }
}
