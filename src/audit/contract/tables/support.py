"""Tables about a household's home, its helpers, its loans and the payments to it."""

from __future__ import annotations

from audit.contract.declare import code, day, identifier, money, table, word_set, words
from audit.contract.fields import Personal
from audit.contract.tables.household import NO_LIMIT, NOT_HAPPENED

RENOVATIONS = table(
    "renovations",
    "危房改造",
    "Renovations",
    "renovation",
    [
        identifier("renovation_id", "改造编号", en="Renovation number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        day("renovated_on", "改造日期", en="Renovated on"),
        money("subsidy", "补助金额", en="Subsidy"),
        code("method", "改造方式", {"reinforce": "加固", "rebuild": "重建"}, en="Method"),
        word_set(
            "walls_reinforced",
            "加固墙面",
            codes={"front": "正面", "side": "侧面", "back": ("后面", "背面")},
            en="Walls reinforced",
        ),
    ],
)

APPRAISALS = table(
    "appraisals",
    "住房鉴定",
    "Appraisals",
    "appraisal",
    [
        identifier("appraisal_id", "鉴定编号", en="Appraisal number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        day("appraised_on", "鉴定日期", en="Appraised on"),
        code("grade", ("鉴定等级", "危房等级"), {"A": "A级", "B": "B级", "C": "C级", "D": "D级"}, en="Grade"),
    ],
)

DEFECTS = table(
    "defects",
    "住房隐患",
    "Defects",
    "defect",
    [
        identifier("defect_id", "隐患编号", en="Defect number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        day("reported_on", ("上报日期", "报告日期"), en="Reported on"),
        words("kind", "隐患类型", en="Kind"),
        day("resolved_on", "整改日期", en="Resolved on", note=NOT_HAPPENED),
    ],
)

HELPERS = table(
    "helpers",
    "帮扶责任人",
    "Helpers",
    "helper",
    [
        identifier("helper_id", ("帮扶人编号", "帮扶责任人编号"), en="Helper number", required=True),
        words("name", ("帮扶人姓名", "姓名"), en="Name", personal=Personal.NAME),
        identifier("phone", ("帮扶人电话", "联系电话"), en="Phone", personal=Personal.PHONE),
        code("phone_status", "电话状态", {"ok": "正常", "empty": "空号", "off": "停机"}, en="State of the phone"),
    ],
)

PAIRINGS = table(
    "pairings",
    "结对关系",
    "Pairings",
    "pairing",
    [
        identifier("pairing_id", "结对编号", en="Pairing number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        identifier("helper_id", ("帮扶人编号", "帮扶责任人编号"), en="Helper number", required=True, refers="helpers"),
        day("started_on", ("结对开始日期", "开始日期"), en="Started on", note=NO_LIMIT),
        day("ended_on", ("结对结束日期", "结束日期"), en="Ended on", note=NOT_HAPPENED),
    ],
)

VISITS = table(
    "visits",
    "走访记录",
    "Visits",
    "visit",
    [
        identifier("visit_id", "走访编号", en="Visit number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        identifier("helper_id", ("帮扶人编号", "帮扶责任人编号"), en="Helper number", refers="helpers"),
        day("visited_on", "走访日期", en="Visited on"),
        code("mode", "走访方式", {"home": "入户", "phone": "电话", "other": "其他"}, en="Mode"),
    ],
)

TRAINING_NEEDS = table(
    "training_needs",
    "培训需求",
    "Training needs",
    "training_need",
    [
        identifier("need_id", "需求编号", en="Need number", required=True),
        identifier("person_id", ("人编号", "人口编号"), en="Person number", required=True, refers="persons"),
        day("stated_on", "提出日期", en="Stated on"),
        day("met_on", "满足日期", en="Met on", note=NOT_HAPPENED),
    ],
)

LOAN_APPLICATIONS = table(
    "loan_applications",
    "小额信贷申请",
    "Loan applications",
    "loan_application",
    [
        identifier("application_id", "申请编号", en="Application number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        day("applied_on", "申请日期", en="Applied on"),
        money("amount", "申请金额", en="Amount"),
        code(
            "status",
            ("申请状态", "审批状态"),
            {
                "approved": ("已批准", "通过"),
                "refused": ("已拒绝", "未通过"),
                "pending": ("待审批", "审批中"),
                "withdrawn": ("已撤回", "撤回"),
            },
            en="Status",
        ),
        day("decided_on", ("审批日期", "答复日期"), en="Decided on", note=NOT_HAPPENED),
    ],
)

LOAN_BARRIERS = table(
    "loan_barriers",
    "贷款障碍反映",
    "Loan barriers",
    "loan_barrier",
    [
        identifier("report_id", "反映编号", en="Report number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        day("reported_on", ("反映日期", "报告日期"), en="Reported on"),
        code(
            "kind",
            "障碍类型",
            {
                "age": "年龄限制",
                "livestock_scale": "养殖规模",
                "designated_seller": "指定卖家",
                "illness": "患病",
                "other": "其他",
            },
            en="Kind",
        ),
    ],
)

SUBSIDY_PAYMENTS = table(
    "subsidy_payments",
    "补贴发放",
    "Subsidy payments",
    "subsidy_payment",
    [
        identifier("payment_id", "发放编号", en="Payment number", required=True),
        identifier("household_id", "户编号", en="Household number", required=True, refers="households"),
        identifier("account_number", ("银行账号", "账号"), en="Account number", personal=Personal.ACCOUNT),
        identifier(
            "holder_id_number",
            ("持卡人证件号码", "户名证件号码"),
            en="Holder's identity number",
            personal=Personal.ID_NUMBER,
        ),
        money("amount", ("发放金额", "金额"), en="Amount"),
        day("paid_on", "发放日期", en="Paid on"),
    ],
)

TABLES = (
    RENOVATIONS,
    APPRAISALS,
    DEFECTS,
    HELPERS,
    PAIRINGS,
    VISITS,
    TRAINING_NEEDS,
    LOAN_APPLICATIONS,
    LOAN_BARRIERS,
    SUBSIDY_PAYMENTS,
)
