package io.confiture.samples.quickstart;

/** A book as it is listed. */
public record Book(long id, String title, String author, int published) {}
