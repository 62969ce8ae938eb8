-- No unique constraint: that a span lies here once is the work of the agent alone.
create table if not exists span (
    position bigint generated always as identity primary key,
    trace_id varchar(32) not null,
    id varchar(16) not null,
    service varchar(80) not null,
    duration_micros bigint not null
);
create table if not exists service_total (
    service varchar(80) primary key,
    spans bigint not null,
    duration_micros bigint not null check (duration_micros >= 0)
);
create table if not exists summary (
    ended_at timestamp with time zone not null,
    spans bigint not null
);
