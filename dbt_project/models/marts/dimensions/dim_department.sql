with bodies as (
    select
        department.*,
        row_number() over (
            partition by department.department_key
            order by body.fiscal_year desc nulls last, body.publication_number desc, department.document_key, department.part
        ) as recency
    from {{ ref('stg_department') }} as department
    inner join {{ ref('int_body') }} as body using (document_key, part)
    where department.department_key <> 'unknown'  -- a document that names no body: the special member stands for it
)

select
    body.department_key,
    body.department_code,
    body.department_name,
    body.department_type,
    body.parent_department_key,
    region.region_key,
    body.region_code,
    region.region_name,
    region.prefecture_name,
    region.province_name,
    region.region_level as admin_level
from bodies as body
left join {{ ref('dim_region') }} as known on known.region_key = body.region_code
inner join {{ ref('dim_region') }} as region on region.region_key = coalesce(known.region_key, 'unknown')
where body.recency = 1
union all
select member, null, name, null, null, member, null, name, null, name, null
from {{ special_members() }}
order by department_key
