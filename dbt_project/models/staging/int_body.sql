-- Who each part of a document speaks for, in which order documents of one body replace each other, and which parts count.
with bodies as (
    select
        document.document_key,
        coalesce(part.part, 1) as part,
        coalesce(part.scope, document.scope) as scope,
        document.kind,
        coalesce(part.fiscal_year, document.fiscal_year) as fiscal_year,
        coalesce(department.department_key, 'unknown') as department_key,
        -- two documents of unknown departments are never the same body
        case
            when starts_with(coalesce(department.department_key, 'unknown'), 'unknown') then document.document_key || '-' || coalesce(part.part, 1)
            else department.department_key
        end as body_key,
        department.parent_department_key,
        source_file.published_on,
        source_file.retrieved_at
    from {{ ref('stg_document') }} as document
    left join {{ ref('stg_part') }} as part on part.document_key = document.document_key
    left join {{ ref('stg_department') }} as department
        on department.document_key = document.document_key and department.part = coalesce(part.part, 1)
    left join {{ ref('stg_source_file') }} as source_file on source_file.document_key = document.document_key
),

departments as (
    select distinct body_key, fiscal_year, kind from bodies where scope = 'department'
),

documents_of_departments as (
    select distinct document_key from bodies where part = 1 and scope = 'department'
)

select
    body.document_key,
    body.part,
    body.scope,
    body.kind,
    body.fiscal_year,
    body.department_key,
    body.body_key,
    body.parent_department_key,
    cast(row_number() over same_body as integer) as publication_number,
    lag(body.document_key) over same_body as previous_document_key,
    coalesce(
        lag(body.document_key) over same_body <> body.document_key
        and lag(body.published_on) over same_body is not distinct from body.published_on
        and lag(body.retrieved_at) over same_body is not distinct from body.retrieved_at,
        false
    ) as is_order_unknown,
    row_number() over same_body = count(*) over (
        partition by body.body_key, body.fiscal_year, body.kind, body.scope
    ) as is_newest,
    body.scope = 'department' or (
        department.body_key is null
        -- a later part is a unit of the department that the document is about, whatever its name resolves to
        and (body.part = 1 or document_of_department.document_key is null)
    ) as in_default_scope
from bodies as body
left join departments as department
    on department.body_key = coalesce(body.parent_department_key, body.body_key)
    and department.fiscal_year = body.fiscal_year and department.kind = body.kind
left join documents_of_departments as document_of_department
    on document_of_department.document_key = body.document_key
window same_body as (
    partition by body.body_key, body.fiscal_year, body.kind, body.scope
    order by body.published_on nulls first, body.retrieved_at nulls first, body.document_key, body.part
)
order by body.document_key, body.part
