-- Empty: Great Expectations looks at the finished tables and its results are inserted after dbt.
select
    cast(null as varchar) as expectation_id,
    cast(null as varchar) as table_name,
    cast(null as varchar) as column_name,
    cast(null as varchar) as expectation,
    cast(null as varchar) as severity,
    cast(null as boolean) as success,
    cast(null as varchar) as observed,
    cast(null as bigint) as unexpected_count
where false
