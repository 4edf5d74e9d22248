"""Tables about households and the people in them."""

from __future__ import annotations

from audit.contract.declare import (
    Codes,
    area,
    code,
    day,
    identifier,
    money,
    number,
    share,
    table,
    whole,
    word_set,
    words,
    yes_no,
)
from audit.contract.fields import Personal

LABOUR: Codes = {
    "ordinary": ("普通劳动力", "普通劳动能力"),
    "skilled": ("技能劳动力", "技能劳动能力"),
    "weak": ("弱劳动力或半劳动力", "弱劳动力", "半劳动力"),
    "lost": ("丧失劳动力", "丧失劳动能力"),
    "none": ("无劳动力", "无劳动能力"),
}
POST_TYPES: Codes = {
    "cleaner": "保洁员",
    "road_keeper": ("道路养护员", "护路员"),
    "water_keeper": "护水员",
    "archivist": "档案管理员",
    "mediator": "矛盾调解员",
    "clerk": "村级事务代办员",
    "ranger": ("护林员", "生态护林员"),
    "grass_keeper": "草管员",
    "other": ("其他", "其他岗位"),
}
NOT_HAPPENED = ("空白表示尚未发生", "blank means that it has not happened")
NO_LIMIT = ("空白表示该端不限", "blank means no limit on that side")

HOUSEHOLDS = table(
    "households",
    "户信息",
    "Households",
    "household",
    [
        identifier("household_id", "户编号", en="Household number", required=True),
        area("area_code", ("行政区划代码", "村代码"), en="Village code", required=True),
        words("county_name", ("县", "县(市、区、旗)", "县名称"), en="County"),
        words("township_name", ("乡", "乡镇", "乡(镇)", "乡镇名称"), en="Township"),
        words("village_name", ("村", "行政村", "村名称"), en="Village"),
        words("head_name", "户主姓名", en="Head of household", personal=Personal.NAME),
        identifier("phone", ("户联系电话", "联系电话"), en="Phone", personal=Personal.PHONE),
        whole("member_count", ("家庭人口数", "当前家庭人口数", "人数"), en="Declared size", unit="人"),
        code("household_type", "户类型", {"lifted": "脱贫户", "general": "一般农户"}, en="Household type"),
        whole("lifted_year", "脱贫年度", en="Year lifted", unit="年"),
        code(
            "monitor_category",
            ("监测对象类别", "易返贫致贫户(监测对象)类型"),
            {"unstable": "脱贫不稳定户", "marginal": "边缘易致贫户", "sudden": "突发严重困难户"},
            en="Monitoring category",
            note=("空白表示未纳入监测", "blank means not monitored"),
        ),
        day("monitored_on", "识别监测时间", en="Monitored since"),
        yes_no("risk_cleared", ("风险是否消除", "风险是否已消除"), en="Risk cleared"),
        yes_no("coop_member", "是否加入农民专业合作组织", en="Member of a cooperative"),
        yes_no("enterprise_led", "是否有龙头企业带动", en="Led by an enterprise"),
        day("vacant_since", "空置起始日期", en="Vacant since", note=("空白表示有人居住", "blank means lived in")),
        day("deregistered_on", ("注销日期", "销户日期"), en="Deregistered on", note=NOT_HAPPENED),
    ],
    only_required=True,
)

INCOMES = table(
    "incomes",
    "收入信息",
    "Incomes",
    "income",
    [
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        whole("year", ("年度", "收入年度"), en="Year", required=True, unit="年"),
        whole("population", "年度家庭人口数", en="Population of the year", unit="人"),
        money("wage_income", "工资性收入", en="Wage income"),
        money("post_income", "公益性岗位收入", en="Post income (part of wage)"),
        money("production_income", "生产经营性收入", en="Production income"),
        money("property_income", "财产性收入", en="Property income"),
        money("share_dividend", "资产收益扶贫分红收入", en="Dividend from fiscal shares (part of property)"),
        money("transfer_income", "转移性收入", en="Transfer income"),
        money("production_expense", "生产经营性支出", en="Production expense"),
        money("net_income", "纯收入", en="Net income"),
        money("net_income_per_capita", "人均纯收入", en="Net income per head"),
    ],
    key=("household_id", "year"),
)

PERSONS = table(
    "persons",
    "家庭成员信息",
    "Persons",
    "person",
    [
        identifier("person_id", ("人编号", "人口编号"), en="Person number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        words("name", "姓名", en="Name", personal=Personal.NAME),
        identifier("id_number", "证件号码", en="Identity number", personal=Personal.ID_NUMBER),
        code("sex", "性别", {"male": ("男", "1"), "female": ("女", "2")}, en="Sex"),
        day("birth_date", "出生日期", en="Birth date"),
        whole("age", "年龄", en="Age as reported", unit="岁"),
        words("relation", "与户主关系", en="Relation to the head"),
        words("student_status", "在校生状况", en="School status"),
        word_set("health", "健康状况", en="Health"),
        code("labour_ability", ("劳动技能", "劳动能力"), LABOUR, en="Labour ability"),
        day("left_on", "自然减少日期", en="Left on", note=NOT_HAPPENED),
    ],
)

POSTS = table(
    "posts",
    "公益性岗位",
    "Public-welfare posts",
    "post",
    [
        identifier("post_id", "岗位编号", en="Post number", required=True),
        identifier("person_id", ("人编号", "人口编号"), en="Person number", required=True, refers="persons"),
        code("post_type", ("公益性岗位类型", "岗位类型"), POST_TYPES, en="Post type"),
        area("area_code", ("行政区划代码", "村代码"), en="Village code"),
        day("started_on", "聘用时间", en="Started on", note=NO_LIMIT),
        day("ended_on", ("解聘时间", "离岗时间"), en="Ended on", note=NOT_HAPPENED),
        money("annual_pay", ("年度岗位补贴", "年报酬"), en="Pay in the audit year"),
        whole("attendance_days", ("年度出勤天数", "出勤天数"), en="Days worked in the audit year", unit="天"),
    ],
)

INDUSTRY_SUPPORT = table(
    "industry_support",
    "产业帮扶",
    "Industry support",
    "industry_support",
    [
        identifier("support_id", "帮扶编号", en="Support number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        whole("year", "年度", en="Year", unit="年"),
        code(
            "kind",
            ("帮扶方式", "帮扶类型"),
            {
                "fiscal_dividend": "入股分红",
                "pv_dividend": "光伏分红",
                "direct_production": "直接发展产业",
                "cash": "直接发放",
                "award": "产业奖补",
            },
            en="Kind",
        ),
        money("amount", "金额", en="Amount"),
        yes_no("output_linked", "是否与生产挂钩", en="Linked to output"),
    ],
)

DIVIDEND_CONTRACTS = table(
    "dividend_contracts",
    "分红协议",
    "Dividend contracts",
    "dividend_contract",
    [
        identifier("contract_id", ("协议编号", "合同编号"), en="Contract number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        money("principal", "本金", en="Principal"),
        share("annual_rate", "年收益率", en="Annual rate"),
        code("rate_kind", "收益方式", {"fixed": "固定收益", "floating": "浮动收益"}, en="Kind of rate"),
        yes_no("participates", "是否参与经营", en="Takes part in the business"),
        day("started_on", ("起始日期", "开始日期"), en="Started on", note=NO_LIMIT),
        day("ended_on", ("终止日期", "结束日期"), en="Ended on", note=NOT_HAPPENED),
    ],
)

YARD_WALLS = table(
    "yard_walls",
    "院墙",
    "Yard walls",
    "yard_wall",
    [
        identifier("wall_id", "院墙编号", en="Wall number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        day("built_on", "修建日期", en="Built on"),
        number("length_m", ("长度", "长度(米)"), en="Length", unit="米"),
        money("cost", "造价", en="Cost"),
        yes_no("public_funds", "是否使用财政资金", en="Paid from public funds"),
    ],
)

TABLES = (HOUSEHOLDS, INCOMES, PERSONS, POSTS, INDUSTRY_SUPPORT, DIVIDEND_CONTRACTS, YARD_WALLS)
