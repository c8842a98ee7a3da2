with expected as (
    select body.document_key, body.part, statement.statement
    from {{ ref('int_body') }} as body
    cross join {{ ref('statements') }} as statement
    union
    select document_key, part, statement from {{ ref('stg_statement') }}
),

known as (
    select
        expected.document_key,
        expected.part,
        body.department_key,
        body.fiscal_year,
        body.kind,
        body.scope,
        body.body_key,
        body.publication_number,
        body.in_default_scope,
        expected.statement,
        coalesce(found.status, 'missing') as status,
        found.title_as_printed,
        found.printed_unit,
        coalesce(found.rows_read, 0) as rows_read,
        coalesce(found.figures_read, 0) as figures_read,
        coalesce(found.unread_places, 0) as unread_places,
        found.page,
        found.locator
    from expected
    inner join {{ ref('int_body') }} as body using (document_key, part)
    left join {{ ref('stg_statement') }} as found using (document_key, part, statement)
),

-- A re-publication replaces statement by statement: what it does not contain stays as it was published before.
newest as (
    select body_key, fiscal_year, kind, scope, statement, max(publication_number) as publication_number
    from known
    where status <> 'missing'
    group by body_key, fiscal_year, kind, scope, statement
)

select
    known.document_key,
    known.part,
    known.department_key,
    known.fiscal_year,
    known.scope,
    known.statement,
    statement.statement_number,
    known.status,
    known.title_as_printed,
    known.printed_unit,
    known.rows_read,
    known.figures_read,
    known.unread_places,
    known.page,
    known.locator,
    newest.body_key is not null as is_current,
    newest.body_key is not null and known.in_default_scope and known.kind = 'budget' as is_in_facts
from known
left join newest
    on newest.body_key = known.body_key
    and newest.fiscal_year is not distinct from known.fiscal_year
    and newest.kind = known.kind
    and newest.scope = known.scope
    and newest.statement = known.statement
    and newest.publication_number = known.publication_number
    and known.status <> 'missing'
left join {{ ref('statements') }} as statement on statement.statement = known.statement
order by known.document_key, known.part, statement.statement_number nulls last, known.statement
