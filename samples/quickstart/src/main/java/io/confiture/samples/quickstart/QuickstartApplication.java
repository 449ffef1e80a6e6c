package io.confiture.samples.quickstart;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Nothing here speaks of databases: an empty one is built from the files in {@code db/schema} and {@code db/seeds}, an older
 * one is brought forward by those in {@code db/migrations}.
 */
@SpringBootApplication
public class QuickstartApplication {
    public static void main(String[] args) {
        SpringApplication.run(QuickstartApplication.class, args);
    }
}
