-- Every name under which a department is known, with its years: those of the registry, and those that documents print.
with printed as (
    select
        department.department_key,
        department.department_name,
        min(department.department_type) as department_type,
        min(department.region_code) as region_code,
        min(body.fiscal_year) as first_fiscal_year,
        max(body.fiscal_year) as last_fiscal_year,
        cast(count(distinct department.document_key) as integer) as documents
    from {{ ref('stg_department') }} as department
    inner join {{ ref('int_body') }} as body using (document_key, part)
    where department.department_key <> 'unknown'
    group by department.department_key, department.department_name
),

registered as (
    select
        department_key, department_name, region_code,
        cast(first_fiscal_year as integer) as first_fiscal_year,
        cast(last_fiscal_year as integer) as last_fiscal_year,
        cast(confirmed_on as date) as confirmed_on,
        parent_department_key, note
    from {{ ref('departments') }}
)

select
    concat_ws('-', coalesce(registered.department_key, printed.department_key),
        coalesce(registered.department_name, printed.department_name)) as name_id,
    coalesce(registered.department_key, printed.department_key) as department_key,
    coalesce(registered.department_name, printed.department_name) as department_name,
    case
        when registered.department_key is not null then 'confirmed'
        when starts_with(printed.department_key, 'unknown-') then 'ambiguous'
        else 'proposed'
    end as registry_status,
    least(registered.first_fiscal_year, printed.first_fiscal_year) as first_fiscal_year,
    -- a registered name without an end is in use
    case when registered.department_key is null then printed.last_fiscal_year else registered.last_fiscal_year end as last_fiscal_year,
    coalesce(printed.documents, 0) as documents,
    coalesce(registered.region_code, printed.region_code) as region_code,
    registered.parent_department_key,
    registered.confirmed_on,
    registered.note
from registered
full join printed using (department_key, department_name)
order by name_id
