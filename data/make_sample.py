"""Writes data/sample: one small made-up county as it would really arrive, with known faults and known patterns.

Run it with ``python data/make_sample.py``. The same seed gives the same rows; README.md and source-map.yaml in
data/sample are written by hand.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
import xlwt

from audit.generate.replication.rows import Registry

SEED = 139903
COUNTY = "139903"
TOWNSHIPS = {"101": "清河镇", "102": "石桥镇", "201": "柳林乡"}
VILLAGES = {"001": "东村", "002": "西村"}
PER_VILLAGE = 25
AS_OF = date(2024, 12, 31)
MEMBER_HEADERS = (
    "序号", "户编号", "县(市、区、旗)", "乡(镇)", "行政村", "村代码", "户主姓名", "户联系电话", "家庭人口数", "户类型",
    "脱贫年度", "监测对象类别", "识别监测时间", "风险是否已消除", "人口编号", "姓名", "证件号码", "性别", "出生日期",
    "与户主关系", "在校生状况", "健康状况", "劳动技能", "自然减少日期", "是否加入农民专业合作组织", "备注", "备注",
)  # fmt: skip


@dataclass
class Home:
    """One household of the sample, in order unless a plant changes it."""

    household_id: str
    area_code: str
    township: str
    village: str
    members: list[dict[str, object]]
    values: dict[str, object]
    net: int
    net_before: int
    income: dict[str, int] = field(default_factory=dict)
    posts: list[dict[str, object]] = field(default_factory=list)


class County:
    """The sample's households, posts and planted truth."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        self.people = Registry(self.chance)
        self.homes: list[Home] = []
        self.truth: list[tuple[str, str, str]] = []
        for township, town in TOWNSHIPS.items():
            for village, name in VILLAGES.items():
                self.homes += [self.home(f"{COUNTY}{township}{village}", town, name, n) for n in range(PER_VILLAGE)]

    def home(self, area_code: str, town: str, village: str, number: int) -> Home:
        """A household in which nothing is wrong."""
        household_id = f"{area_code}{number + 1:03d}"
        members = [self.member(household_id, 1, self.chance.randint(30, 58), "male", "户主", "普通劳动力")]
        if self.chance.random() < 0.85:
            members.append(self.member(household_id, 2, self.chance.randint(28, 57), "female", "配偶", "普通劳动力"))
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            sex = self.chance.choice(("male", "female"))
            relation = "之子" if sex == "male" else "之女"
            age = self.chance.randint(1, 15)
            members.append(self.member(household_id, len(members) + 1, age, sex, relation, "无劳动力"))
        if self.chance.random() < 0.4:
            age = self.chance.randint(60, 79)
            members.append(self.member(household_id, len(members) + 1, age, "female", "之母亲", "弱劳动力或半劳动力"))
        per_head = self.chance.randint(9000, 21000)
        values: dict[str, object] = {
            "户主姓名": members[0]["姓名"],
            "户联系电话": f"13{self.chance.randint(3, 9)}{self.chance.randint(0, 99_999_999):08d}",
            "家庭人口数": len(members),
            "户类型": "脱贫户",
            "脱贫年度": self.chance.choice((2016, 2017, 2018, 2019)),
            "是否加入农民专业合作组织": self.chance.choice(("是", "否")),
        }
        net = per_head * len(members)
        return Home(household_id, area_code, town, f"{town[:2]}{village}", members, values, net, net * 9 // 10)

    def member(
        self, household_id: str, place: int, age: int, sex: str, relation: str, labour: str
    ) -> dict[str, object]:
        """A person in order, with a valid made-up identity number."""
        born_on = date(AS_OF.year - age, self.chance.randint(1, 12), self.chance.randint(1, 28))
        return {
            "人口编号": f"{household_id}{place:02d}",
            "姓名": self.people.name(),
            "证件号码": self.people.number(COUNTY, born_on, sex),
            "性别": "男" if sex == "male" else "女",
            "出生日期": born_on,
            "与户主关系": relation,
            "在校生状况": "小学" if 6 <= age < 16 else None,
            "健康状况": "健康" if age < 60 else self.chance.choice(("健康", "长期慢性病")),
            "劳动技能": labour,
            "自然减少日期": None,
        }

    def plant(self, rule_id: str, subject_id: object, what: str) -> None:
        """Note what was planted."""
        self.truth.append((rule_id, str(subject_id), what))

    def post(self, home: Home, place: int, kind: str, **given: object) -> str:
        """Give a member a post; in order unless said otherwise."""
        number = f"GW{sum(len(one.posts) for one in self.homes) + 1:04d}"
        home.posts.append(
            {"岗位编号": number, "人口编号": home.members[place]["人口编号"], "姓名": home.members[place]["姓名"],
             "岗位": kind, "村代码": home.area_code, "聘用时间": date(2022, 3, 1), "解聘时间": None,
             "月补助(元)": 300, "年度出勤天数": 220, **given}
        )  # fmt: skip
        return number


def plant_patterns(county: County) -> None:
    """Change some households so that one rule or another must find them."""
    homes = county.homes
    for home in homes[0:3]:
        home.net_before = home.net
        county.plant("INC-1", home.household_id, "两年纯收入相同")
    for home in homes[3:5]:
        home.net_before = home.net * 6 // 5
        county.plant("INC-2", home.household_id, "纯收入比上年下降")
    for place, home in enumerate(homes[5:10]):
        home.net, home.net_before = 3500 * len(home.members), 3000 * len(home.members)
        county.plant("INC-3", home.household_id, "人均 3500 元，低于 4000 元")
        if place < 3:
            county.plant("INC-4", home.household_id, "低于 4000 元且未纳入监测")
        else:
            home.values.update({"监测对象类别": "脱贫不稳定户", "识别监测时间": "2023.5.10", "风险是否已消除": "否"})
    at_line = homes[10]
    at_line.net, at_line.net_before = 4000 * len(at_line.members), 3500 * len(at_line.members)
    for home in homes[11:14]:
        home.net, home.net_before = 4200 * len(home.members), 3700 * len(home.members)
        home.income["资产收益扶贫分红收入"] = 300 * len(home.members)
        county.plant("INC-6", home.household_id, "人均 4200 元，扣除分红 300 元后低于 4000 元")
    mostly = homes[14]
    mostly.income["低保金"] = mostly.net * 2 // 3
    county.plant("INC-7", mostly.household_id, "低保金占总收入一半以上")
    for home in homes[15:17]:
        home.net, home.net_before = 4300 * len(home.members), 3800 * len(home.members)
        home.income["公益性岗位收入"] = 3600
        home.members[0] = county.member(home.household_id, 1, 55, "male", "户主", "普通劳动力")
        home.values["户主姓名"] = home.members[0]["姓名"]
        county.post(home, 0, "保洁岗")
        if len(home.members) * 300 < 3600:
            county.plant("INC-8", home.household_id, "扣除岗位收入 3600 元后低于 4000 元")
    homes[17].income["差额"] = 500
    county.plant("INC-9", homes[17].household_id, "纯收入比构成合计多 500 元")
    homes[18].income["人均差额"] = 100
    county.plant("INC-10", homes[17].household_id, "纯收入多 500 元，人均纯收入没有跟着多")
    county.plant("INC-10", homes[18].household_id, "人均纯收入多报 100 元")
    _plant_posts(county)
    _plant_people(county)
    _note_industry(county)


def _plant_posts(county: County) -> None:
    homes = county.homes

    def holder(place: int, age: int, sex: str, labour: str = "普通劳动力") -> Home:
        home = homes[place]
        home.members[0] = county.member(home.household_id, 1, age, sex, "户主", labour)
        home.values["户主姓名"] = home.members[0]["姓名"]
        return home

    county.plant("PW-2", county.post(holder(30, 45, "male"), 0, "保洁岗"), "男 45 岁，不足 50 岁")
    county.plant("PW-2", county.post(holder(31, 39, "female"), 0, "护路员"), "女 39 岁，不足 40 岁")
    county.plant("PW-9", homes[31].posts[0]["岗位编号"], "39 岁，不足 40 岁")
    county.post(holder(32, 50, "male"), 0, "保洁岗")
    county.plant("PW-3", county.post(holder(33, 82, "male", "弱劳动力或半劳动力"), 0, "护水员"), "82 岁在岗")
    serial = holder(34, 56, "male")
    for kind, begin, end in (("保洁岗", 2019, 2020), ("护水员", 2020, 2021), ("护林员", 2021, 2022)):
        county.post(serial, 0, kind, **{"聘用时间": date(begin, 1, 1), "解聘时间": date(end, 12, 31)})
    county.plant("PW-4", serial.members[0]["人口编号"], "先后担任三种岗位")
    county.post(holder(35, 58, "male", "无劳动力"), 0, "保洁岗")
    homes[35].members[0]["健康状况"] = "残疾"
    county.plant("PW-5", homes[35].household_id, "无劳动力的人任保洁员")
    county.post(holder(36, 59, "male", "丧失劳动力"), 0, "护林员")
    homes[36].members[0]["健康状况"] = "残疾,长期慢性病"
    county.plant("PW-6", homes[36].household_id, "丧失劳动力的人任护林员")
    county.plant("PW-7", county.post(holder(37, 52, "male"), 0, "保洁岗", 年度出勤天数=0), "领补贴，出勤 0 天")
    double = holder(38, 53, "male")
    county.post(double, 0, "保洁岗")
    county.post(double, 0, "护水员")
    county.plant("PW-8", double.members[0]["人口编号"], "同时担任两个岗位")
    stranger = county.post(homes[39], 0, "保洁岗", 人口编号="13990399900100101", 姓名="赵无名")
    county.plant("PW-10", stranger, "承担人不在人员名册中")
    unable = holder(40, 57, "male")
    unable.members[0]["劳动技能"] = "壮劳力"
    county.post(unable, 0, "保洁岗")


def _plant_people(county: County) -> None:
    homes = county.homes
    wrong = homes[50].members[0]
    number = str(wrong["证件号码"])
    wrong["证件号码"] = number[:17] + ("0" if number[17] != "0" else "1")
    county.plant("ID-1", wrong["人口编号"], "校验码错误")
    blank = homes[51].members[0]
    blank["证件号码"] = None
    county.plant("ID-1", blank["人口编号"], "证件号码空白")
    other = homes[52].members[0]
    other["性别"] = "女"
    county.plant("ID-2", other["人口编号"], "性别与证件号码不符")
    born = homes[53].members[0]
    born["出生日期"] = date(1961, 5, 5)
    county.plant("ID-3", born["人口编号"], "出生日期与证件号码不符")
    number = county.people.number(COUNTY, date(1970, 3, 2), "male")
    for place in (54, 55):
        homes[place].members[0].update({"证件号码": number, "出生日期": date(1970, 3, 2)})
        county.plant("ID-4", homes[place].members[0]["人口编号"], "两人同一证件号码")
    filler = homes[56].members[0]
    filler["证件号码"] = "999999197001011234"
    county.plant("ID-5", filler["人口编号"], "999999 代填")
    county.plant("ID-1", filler["人口编号"], "代填的号码校验码错误")
    homes[57].values["家庭人口数"] = len(homes[57].members) + 2
    county.plant("HHD-1", homes[57].household_id, "申报人口比在册多 2 人")
    homes[58].members[-1]["与户主关系"] = "户主"
    county.plant("HHD-2", homes[58].household_id, "两个户主")
    homes[59].values["户联系电话"] = "0335-66"
    county.plant("HHD-3", homes[59].household_id, "电话不是手机号码")
    child = county.member(homes[60].household_id, len(homes[60].members) + 1, 12, "male", "之子", "普通劳动力")
    homes[60].members.append(child)
    homes[60].values["家庭人口数"] = len(homes[60].members)
    county.plant("LAB-1", child["人口编号"], "12 岁登记为普通劳动力")
    weak = homes[61].members[0]
    weak["劳动技能"] = "弱劳动力或半劳动力"
    county.plant("LAB-2", weak["人口编号"], "健康的壮年登记为弱劳动力")
    old = county.member(homes[62].household_id, len(homes[62].members) + 1, 70, "female", "之母亲", "普通劳动力")
    homes[62].members.append(old)
    homes[62].values["家庭人口数"] = len(homes[62].members)
    county.plant("LAB-3", old["人口编号"], "70 岁登记为普通劳动力")


def _note_industry(county: County) -> None:
    """Note what the plants above do to production and support; no row is changed for these."""

    def note(rule_id: str, what: str, *places: int) -> None:
        for place in places:
            county.plant(rule_id, county.homes[place].household_id, what)

    note("IND-6", "只有入股分红，没有直接发展产业", 11, 12, 13)
    note("IND-8", "两年纯收入相同，取整后少 1 元", 0, 1)
    note("IND-8", "随纯收入下降", 3, 4)
    note("IND-8", "低保金占去大半，生产经营性收入减少", 14)
    note("IND-8", "岗位收入占去一部分，生产经营性收入减少", 15, 16, 33, 39)
    note("IND-9", "两年纯收入相同", 2)
    note("IND-9", "岗位收入占去一部分，增长不到 3%", 35)


def member_rows(county: County) -> list[list[object]]:
    """The wide export: one row per member, the household's columns repeated; dates and numbers as people type them."""
    rows: list[list[object]] = []
    for place, home in enumerate(county.homes):
        shared = {
            "户编号": home.household_id, "县(市、区、旗)": "示范县", "乡(镇)": home.township, "行政村": home.village,
            "村代码": home.area_code, **home.values,
        }  # fmt: skip
        for member in home.members:
            row = {**shared, **member}
            row["出生日期"] = _spelled(row["出生日期"], len(rows))
            if place % 9 == 4 and row["证件号码"]:
                row["证件号码"] = f'="{row["证件号码"]}"'
            if place % 11 == 5:
                row["户联系电话"] = "".join(
                    chr(ord(digit) + 0xFEE0) for digit in str(row["户联系电话"]) if digit != "-"
                )
            if place % 7 == 3:
                row["姓名"] = f"{row['姓名']}\u3000"
            row["序号"] = len(rows) + 1
            rows.append([row.get(header) for header in MEMBER_HEADERS])
    return rows


def _spelled(day: object, place: int) -> object:
    if not isinstance(day, date):
        return day
    spellings = (
        day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", day, (day - date(1899, 12, 30)).days,
    )  # fmt: skip
    return spellings[place % len(spellings)]


def spoil(county: County, rows: list[list[object]]) -> None:
    """Put one fault of each kind into the wide export; README.md lists them by row."""
    column = {header: MEMBER_HEADERS.index(header) for header in MEMBER_HEADERS}

    def first(household: str) -> int:
        return next(i for i, row in enumerate(rows) if row[column["户编号"]] == household)

    rows[first("139903102001003")][column["出生日期"]] = "1979-02-30"
    rows[first("139903102001004") + 1][column["户联系电话"]] = "13900000000"
    rows[first("139903102001005")][column["户类型"]] = "脱贫户"
    rows[first("139903102002001") + 1][column["证件号码"]] = 139903198001010011
    rows[first("139903102002002") + 1][column["人口编号"]] = None
    for row in rows:
        if row[column["户编号"]] == "139903102002003":
            row[column["村代码"]] = "13990310200"
    for household in ("139903102002001", "139903102002002"):
        county.plant("HHD-1", household, "一名成员的行被隔离，在册人数少一人")
    repeated = list(rows[first("139903102002004")])
    rows.append(repeated)


def write_members(county: County, path: Path) -> None:
    """Write the wide export: two merged title rows, the header in row 3, a totals row at the bottom."""
    rows = member_rows(county)
    spoil(county, rows)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": datetime(2025, 1, 3, 9, 0)})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    title = book.add_format({"bold": True, "align": "center"})
    sheet = book.add_worksheet("监测信息")
    sheet.merge_range(0, 0, 0, len(MEMBER_HEADERS) - 1, "示范县防返贫监测信息表（户与家庭成员）", title)
    sheet.merge_range(1, 0, 1, len(MEMBER_HEADERS) - 1, "填报单位：示范县乡村振兴局　　填报日期：2025年1月3日")
    for place, header in enumerate(MEMBER_HEADERS):
        sheet.write_string(2, place, header)
    for number, row in enumerate(rows, start=3):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), day)
            elif isinstance(value, int):
                sheet.write_number(number, place, value)
            elif value is not None:
                sheet.write_string(number, place, str(value))
    sheet.write_string(len(rows) + 3, 0, "合计")
    sheet.write_number(len(rows) + 3, 8, len(rows))
    sheet.freeze_panes(3, 2)
    book.close()


def income_parts(home: Home) -> dict[str, int]:
    """What makes up a household's net income of 2024."""
    post = home.income.get("公益性岗位收入", 3600 if any(one["解聘时间"] is None for one in home.posts) else 0)
    dividend, allowance = home.income.get("资产收益扶贫分红收入", 0), home.income.get("低保金", 0)
    expense = 500 if allowance == 0 else 0
    production = (home.net - post - dividend - allowance) // 4
    return {
        "公益性岗位收入": post, "资产收益扶贫分红收入": dividend, "低保金": allowance, "生产经营性收入": production,
        "生产经营性支出": expense, "其他工资性收入": home.net + expense - post - dividend - allowance - production,
    }  # fmt: skip


def write_incomes(county: County, folder: Path) -> None:
    """Write the incomes: 2024 per household in yuan as GB18030, 2023 per member in 万元, tabs, UTF-8 with BOM."""
    head = ["户编号", "年度", "年度家庭人口数", "公益性岗位收入", "其他工资性收入", "生产经营性收入",
            "资产收益扶贫分红收入", "低保金", "养老保险金", "生产经营性支出", "纯收入（元）",
            "人均纯收入（元）"]  # fmt: skip
    rows: list[list[object]] = []
    for place, home in enumerate(county.homes):
        parts, people = income_parts(home), len(home.members)
        per_head = (Decimal(home.net) / people).quantize(Decimal("0.01")) + home.income.get("人均差额", 0)
        wage: object = parts["其他工资性收入"]
        if place % 8 == 1:
            wage = f"{wage:,}"
        rows.append(
            [home.household_id, 2024, people, parts["公益性岗位收入"], wage, parts["生产经营性收入"],
             parts["资产收益扶贫分红收入"], parts["低保金"] or None, None, parts["生产经营性支出"],
             home.net + home.income.get("差额", 0), per_head]
        )  # fmt: skip
    rows[70][10] = "四万元"
    rows[71][2] = None
    rows.append(["1.3990320100200E+14", 2024, 3, 0, 30000, 9000, 0, None, None, 500, 38500, "12833.33"])
    rows.append(["139903999001001", 2024, 2, 0, 20000, 5000, 0, None, None, 500, 24500, "12250.00"])
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([head, *rows, ["合计", "", len(rows)]])
    (folder / "收入信息2024.csv").write_bytes(text.getvalue().encode("gb18030"))
    before = ["户编号", "人口编号", "姓名", "年度家庭人口数", "工资性收入(万元)", "生产经营性收入(万元)",
              "财产性收入(万元)", "转移性收入(万元)", "生产经营性支出(万元)", "纯收入(万元)"]  # fmt: skip
    lines: list[list[object]] = []
    for home in county.homes:
        for place, member in enumerate(home.members):
            own = home.net_before if place == 0 else 0
            amounts = (own * 3 // 4, own - own * 3 // 4, 0, 0, 0, own)
            shown = [f"{Decimal(amount) / 10_000}" for amount in amounts]
            lines.append([home.household_id, member["人口编号"], member["姓名"], len(home.members), *shown])
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\r\n").writerows([before, *lines])
    (folder / "成员收入2023.txt").write_bytes(text.getvalue().encode("utf-8-sig"))


def write_posts(county: County, path: Path) -> None:
    """Write the posts as an old workbook with a title row and real Excel dates."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("岗位台账")
    heads = ("岗位编号", "人口编号", "姓名", "岗位", "村代码", "聘用时间", "解聘时间", "月补助(元)", "年度出勤天数")
    sheet.write(0, 0, "示范县2024年公益性岗位台账")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for place, head in enumerate(heads):
        sheet.write(1, place, head)
    posts = [post for home in county.homes for post in home.posts]
    posts.sort(key=lambda post: str(post["岗位编号"]))
    posts.append({**posts[0], "岗位编号": "GW9001", "人口编号": None})
    posts.append({**posts[1], "岗位编号": "GW9002", "岗位": "安全员", "解聘时间": date(2023, 6, 30)})
    for number, post in enumerate(posts, start=2):
        for place, head in enumerate(heads):
            value = post[head]
            if isinstance(value, date):
                sheet.write(number, place, value, day)
            elif value is not None:
                sheet.write(number, place, value)
    book.save(str(path))


def write_support(county: County, path: Path) -> None:
    """Write one workbook with two sheets to read and one with instructions."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": datetime(2025, 1, 3, 9, 0)})
    pairs = book.add_worksheet("结对帮扶")
    for place, head in enumerate(("结对编号", "户编号", "帮扶人编号", "帮扶人姓名", "帮扶人电话", "开始日期")):
        pairs.write_string(0, place, head)
    names = [county.people.name() for _ in range(15)]
    for number, home in enumerate(county.homes, start=1):
        helper = number % 15
        cells = (
            f"JD{number:04d}",
            home.household_id,
            f"BF{helper:03d}",
            names[helper],
            f"1370000{helper:04d}",
            "2021.3.1",
        )
        for place, cell in enumerate(cells):
            pairs.write_string(number, place, cell)
    support = book.add_worksheet("产业帮扶")
    support.write_string(0, 0, "2024年产业帮扶明细（金额单位：万元）")
    for place, head in enumerate(("帮扶编号", "户编号", "年度", "帮扶方式", "金额(万元)", "是否与生产挂钩")):
        support.write_string(1, place, head)
    for number, home in enumerate(county.homes[11:60], start=2):
        kind = "入股分红" if home.income.get("资产收益扶贫分红收入") else "直接发展产业"
        amount = home.income.get("资产收益扶贫分红收入", 2600) / 10_000
        support.write_string(number, 0, f"CY{number - 1:04d}")
        support.write_string(number, 1, home.household_id)
        support.write_number(number, 2, 2024)
        support.write_string(number, 3, kind)
        support.write_number(number, 4, amount)
        support.write_string(number, 5, "√" if kind != "入股分红" else "×")
    notes = book.add_worksheet("填表说明")
    notes.write_string(0, 0, "本表由各乡镇填报，县级汇总。")
    book.close()


def write_villages(path: Path) -> None:
    """Write a table that needs no source map: canonical file name, Chinese headers."""
    lines = [["村代码", "村名称", "总户数", "常住人口数"]]
    for township, town in TOWNSHIPS.items():
        lines += [[f"{COUNTY}{township}{code}", f"{town[:2]}{name}", "260", "700"] for code, name in VILLAGES.items()]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def build(folder: Path) -> None:
    """Write all files of the sample."""
    folder.mkdir(parents=True, exist_ok=True)
    county = County()
    plant_patterns(county)
    write_members(county, folder / "防返贫监测信息.xlsx")
    write_incomes(county, folder)
    write_posts(county, folder / "公益性岗位台账.xls")
    write_support(county, folder / "帮扶工作台账.xlsx")
    write_villages(folder / "villages.csv")
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("rule_id", "subject_id", "note"))
        writer.writerows(sorted(county.truth))


if __name__ == "__main__":
    build(Path(__file__).parent / "sample")
