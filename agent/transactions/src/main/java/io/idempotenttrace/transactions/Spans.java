package io.idempotenttrace.transactions;

import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The rows that bodies write. */
public class Spans {

    private final JdbcTemplate jdbc;

    Spans(DataSource dataSource) {
        jdbc = new JdbcTemplate(dataSource);
        jdbc.execute("create table span(id varchar(100))");
    }

    void insert(String key) {
        jdbc.update("insert into span values (?)", key);
    }

    int count(String key) {
        return jdbc.queryForObject("select count(*) from span where id = ?", Integer.class, key);
    }
}
