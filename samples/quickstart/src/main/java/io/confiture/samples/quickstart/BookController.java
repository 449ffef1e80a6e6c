package io.confiture.samples.quickstart;

import java.util.List;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Reads the tables the migrations have made. */
@RestController
class BookController {
    private final JdbcClient jdbc;

    BookController(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @GetMapping("/books")
    List<Book> books() {
        return jdbc.sql("""
                        SELECT b.id, b.title, a.name AS author, b.published
                        FROM book b JOIN author a ON a.id = b.author_id
                        ORDER BY b.published
                        """).query(DataClassRowMapper.newInstance(Book.class)).list();
    }
}
