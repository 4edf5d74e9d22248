"""Tables about villages, projects, funds, notices and officials."""

from __future__ import annotations

from audit.contract.declare import (
    area,
    code,
    day,
    identifier,
    money,
    share,
    table,
    whole,
    words,
    yes_no,
)
from audit.contract.tables.household import NOT_HAPPENED, POST_TYPES

AREA = ("行政区划代码", "村代码")

VILLAGES = table(
    "villages",
    "行政村信息",
    "Villages",
    "village",
    [
        area("area_code", AREA, en="Village code", required=True),
        words("village_name", ("村", "行政村", "村名称"), en="Village"),
        whole("household_count", "总户数", en="Households", unit="户"),
        whole("resident_count", "总人口数", en="Residents", unit="人"),
    ],
)

TRAININGS = table(
    "trainings",
    "技能培训",
    "Trainings",
    "training",
    [
        identifier("training_id", "培训编号", en="Training number", required=True),
        area("area_code", AREA, en="Village or township code", required=True),
        day("held_on", "培训日期", en="Held on"),
        words("topic", "培训内容", en="Topic"),
    ],
)

POST_QUOTAS = table(
    "post_quotas",
    "岗位需求",
    "Post quotas",
    "post_quota",
    [
        area("area_code", AREA, en="Village code", required=True),
        code("post_type", ("公益性岗位类型", "岗位类型"), POST_TYPES, en="Post type", required=True),
        whole("needed", ("需要人数", "岗位需求数"), en="Posts needed", unit="个"),
    ],
    key=("area_code", "post_type"),
)

LOAN_PRODUCTS = table(
    "loan_products",
    "信贷产品",
    "Loan products",
    "loan_product",
    [
        identifier("product_id", "产品编号", en="Product number", required=True),
        area("area_code", AREA, en="Area code", required=True),
        whole("min_age", "最低年龄", en="Lowest age", unit="岁"),
        whole("max_age", "最高年龄", en="Highest age", unit="岁"),
        whole("min_livestock", "最低养殖数量", en="Least livestock", unit="头"),
        yes_no("designated_seller", "是否指定卖家", en="Names a seller"),
        money("max_amount", "最高额度", en="Highest amount"),
    ],
)

PROJECTS = table(
    "projects",
    "项目",
    "Projects",
    "project",
    [
        identifier("project_id", "项目编号", en="Project number", required=True),
        area("area_code", AREA, en="Area code", required=True),
        words("name", "项目名称", en="Name"),
        whole("year", ("年度", "项目年度"), en="Year", unit="年"),
        money("contract_amount", "合同金额", en="Contract amount"),
        money("paid_amount", "已付金额", en="Paid amount"),
        share("progress", "工程进度", en="Progress"),
        yes_no("main_structure_done", "主体是否完工", en="Main structure done"),
        day("contract_finish_on", "合同完工日期", en="To be finished by contract"),
        day("extended_to", "延期至", en="Extended to"),
        day("finished_on", "实际完工日期", en="Finished on", note=NOT_HAPPENED),
        day("accepted_on", "验收日期", en="Accepted on", note=NOT_HAPPENED),
        day("settlement_reviewed_on", "结算评审日期", en="Settlement reviewed on", note=NOT_HAPPENED),
        day("village_applied_on", "村申请日期", en="Applied for by the village on"),
        day("township_reviewed_on", "乡镇审核日期", en="Reviewed by the township on"),
        day("county_approved_on", "县审批日期", en="Approved by the county on"),
        day("first_spent_on", "首次支出日期", en="First spent on", note=NOT_HAPPENED),
        day("season_end_on", "农时截止日期", en="End of the season"),
        day("performance_monitored_on", "绩效监控日期", en="Performance monitored on"),
        words("performance_cause", "绩效偏差原因", en="Cause of the deviation"),
    ],
)

ALLOCATIONS = table(
    "allocations",
    "资金下达",
    "Allocations",
    "allocation",
    [
        identifier("allocation_id", "下达编号", en="Allocation number", required=True),
        area("area_code", AREA, en="Area code", required=True),
        identifier("project_id", "项目编号", en="Project number", refers="projects"),
        money("amount", "金额", en="Amount"),
        day("received_on", "收到日期", en="Received on"),
        day("disbursed_on", ("拨付日期", "下拨日期"), en="Disbursed on", note=NOT_HAPPENED),
    ],
)

ASSETS = table(
    "assets",
    "扶贫资产",
    "Assets",
    "asset",
    [
        identifier("asset_id", "资产编号", en="Asset number", required=True),
        area("area_code", AREA, en="Area code", required=True),
        identifier("project_id", "项目编号", en="Project number", refers="projects"),
        money("cost", ("原值", "造价"), en="Cost"),
        code(
            "asset_kind",
            "资产类型",
            {"operating": "经营性资产", "public": "公益性资产", "household": "到户类资产"},
            en="Kind",
        ),
        code(
            "owner_kind",
            "产权归属",
            {
                "village_collective": "村集体",
                "township": "乡镇",
                "county": "县",
                "enterprise": "企业",
                "personal": "个人",
                "unclear": "不明确",
            },
            en="Owner",
        ),
        yes_no("lease_active", "是否在租", en="Leased"),
        yes_no("lease_states_owner", "租赁合同是否载明产权", en="Lease names the owner"),
        share("lease_rate", "年租金率", en="Yearly rent as a share of cost"),
        money("lease_received", "本年实收租金", en="Rent received in the audit year"),
    ],
)

PROCEEDS = table(
    "proceeds",
    "资产收益",
    "Proceeds",
    "proceeds",
    [
        identifier("proceeds_id", "收益编号", en="Proceeds number", required=True),
        area("area_code", AREA, en="Area code", required=True),
        identifier("project_id", "项目编号", en="Project number", refers="projects"),
        whole("year", "年度", en="Year", unit="年"),
        money("distributable", "应分配金额", en="To be distributed"),
        money("distributed", "已分配金额", en="Distributed"),
        code("holder_kind", "资金存放", {"village": "村集体", "fiscal": "财政", "company": "公司"}, en="Held by"),
    ],
)

NOTICES = table(
    "notices",
    "公告公示",
    "Notices",
    "notice",
    [
        identifier("notice_id", "公告编号", en="Notice number", required=True),
        area("area_code", AREA, en="Township or county code", required=True),
        code(
            "kind",
            "公告类型",
            {"allocation": "资金分配", "plan": "计划", "completion": "完成情况"},
            en="Kind",
        ),
        whole("year", "年度", en="Year", unit="年"),
        day("event_on", "事项日期", en="Event on"),
        day("published_on", "公示日期", en="Published on", note=NOT_HAPPENED),
        yes_no("requires_login", "是否需登录查看", en="Login needed"),
    ],
)

HOTLINES = table(
    "hotlines",
    "监督举报电话",
    "Hotlines",
    "hotline",
    [
        area("area_code", AREA, en="Area code", required=True),
        identifier("period", ("统计周期", "时段"), en="Period", required=True),
        whole("calls", "来电数", en="Calls", unit="次"),
        whole("answered", "接通数", en="Answered", unit="次"),
    ],
    key=("area_code", "period"),
)

DISCIPLINE = table(
    "discipline",
    "处分",
    "Disciplinary decisions",
    "discipline",
    [
        identifier("decision_id", "处分编号", en="Decision number", required=True),
        identifier("official_id", "干部编号", en="Official number", required=True),
        day("decided_on", "处分日期", en="Decided on"),
        whole("effect_months", "影响期(月)", en="Months of effect", unit="月"),
    ],
)

APPOINTMENTS = table(
    "appointments",
    "任职",
    "Appointments",
    "appointment",
    [
        identifier("appointment_id", "任职编号", en="Appointment number", required=True),
        identifier("official_id", "干部编号", en="Official number", required=True),
        area("area_code", AREA, en="Area code"),
        day("appointed_on", "任职日期", en="Appointed on"),
        yes_no("higher", "是否提拔", en="To a higher office"),
    ],
)

TABLES = (
    VILLAGES,
    TRAININGS,
    POST_QUOTAS,
    LOAN_PRODUCTS,
    PROJECTS,
    ALLOCATIONS,
    ASSETS,
    PROCEEDS,
    NOTICES,
    HOTLINES,
    DISCIPLINE,
    APPOINTMENTS,
)
