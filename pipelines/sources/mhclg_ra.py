"""MHCLG revenue account budget (RA): what every English local authority planned to spend and how to pay for it.

One table per financial year, in £ thousand, as CSV. The 2023-24 table names every column by an asset id; the 2021-22
table has only labels and the line numbers of the form. `LINES` says which lines are the same in both years.
"""

from __future__ import annotations

import polars as pl

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    Column,
    Grid,
    Parsed,
    check_labelled,
    checked,
    clean_name,
    csv_grid,
    find_header,
    normal_label,
    wide_cells,
)
from pipelines.sources.mhclg_rsx import body_facts, stated_date, year

PUBLISHER = "MHCLG"
DATASET = "mhclg_ra"
TITLE = "Local authority revenue account budget (RA), England"
URL = "https://www.gov.uk/government/collections/local-authority-revenue-expenditure-and-financing"
LICENCE = "OGL-UK-3.0"
FILES = ("RA_*_data_by_LA*.csv", "RA_*_data_Part_1*.csv")

HEADER = ("E-code", "ONS Code", "Local authority", "Class")
# The 2023-24 file was saved on a Macintosh: read as Windows-1252 its ellipsis (byte 0xC9) is É, its dash Ð, its
# apostrophe Õ. Byte 0x85 is the ellipsis of Windows-1252 itself.
MARKERS = {"...": "missing", "…": "missing", "É": "missing", "Category discontinued": "not_applicable"}
MACINTOSH = str.maketrans({"Ð": "–", "Õ": "’"})

# Line of the form = asset id, for the 196 lines whose label is the same in 2021-22 and 2023-24 but for note marks.
# Service totals: 190 education, 290 highways and transport, 330 children's social care, 360 adult social care,
# 390 public health, 490 housing (general fund), 509 cultural, 590 environmental and regulatory, 599 planning and
# development, 601 police, 602 fire and rescue, 690 central, 698 other, 799 total service expenditure. Left out on
# purpose: 358 (care homes, later care providers) and 985 (other income, later other items), whose meaning changed.
FORM_LINES = """
110=eduerl 120=eduprm 130=eduscn 140=eduspc 145=edupst 165=eduoth 190=edutot 210=transpln 230=transrdsmnt
247=transrdsenv 248=transrdswnt 249=transrdslgh 251=transrdstrfcng 252=transrdstrfbs 254=transrdstrfsft
258=transrdstrfoth 260=transprk 271=transpblstt 272=transpbldsc 275=transpblopr 276=transpblcrd 280=transaht
290=transtot 310=cscsr 313=csclkd 315=cscoth 322=cscfml 323=cscyth 325=cscsfg 326=cscasy 327=cscsrv 330=csctot
332=ascphyadl 333=ascphyold 334=ascsnsadl 335=ascsnsold 336=ascmmradl 337=ascmmrold 340=asclrnadl 341=asclrnold
344=ascmntadl 345=ascmntold 348=ascsclsbs 349=ascsclasy 350=ascsclcrr 351=ascsclisl 353=ascass 354=ascact
355=ascinf 356=ascdlv 357=asccovdis 360=asctot 361=phsxlsti 362=phsxlcnt 363=phsxlprm 365=phhcp 366=phprt
368=phcmp 370=phadv 371=phobsadl 372=phobschl 373=phphyadl 374=phphychl 376=phsbstrtdrg 377=phsbstrtalc
378=phsbsprvdrg 379=phsbsprvalc 380=phsbsspc 381=phsmkstp 382=phsmkcnt 383=phchl 384=phbbymnd 385=phbbyoth
386=phwrk 387=phmnt 389=phmsc 391=phttt 392=phcov 390=phtot 409=housgfcfstr 440=housgfcfhml 456=housgfcfbnf
457=housgfcfbnfadm 460=housgfcfcnc 475=housgfcfwlfspp 478=housgfcfwlfoth 490=housgfcftot 500=culhrtarc
501=culhrtxarc 506=culsprlscom 507=culpksopn 504=cultrs 505=cullib 509=cultot 510=envcmt 519=envrgltrd
520=envrglenvwtr 521=envrglenvfd 522=envrglenvenv 523=envrglenvhsn 524=envrglenvhs 525=envrglenvprtxlvs
526=envrglenvprtlvs 527=envrglenvpst 528=envrglenvtlt 529=envrglenvanm 530=envrglenvlcn 531=envcmmcrm
532=envcmmsft 533=envcmmcct 541=envfldfld 543=envflddrn 544=envflddrnlev 547=envcst 550=envagr 570=envstr
581=envcll 582=envdsp 583=envtrd 584=envrcy 585=envmin 586=envclm 590=envtot 591=planbld 592=plandvl 593=planplc
594=planenv 595=planecndev 596=plancmm 597=planecnrsr 598=planbsn 599=plantot 601=poltot 602=frstot 604=cencrn
605=cencrtoth 610=cencrp 623=centaxdsc 625=centaxadm 628=centaxoth 650=cenemr 675=cencnt 681=cenndcrtr
682=cenndcit 684=cenndcsrp 690=centot 698=othtot 799=servicetot 811=hbrent 812=hbnreb 813=hbhreb 814=hbsubl
818=hbhrashare 821=parishaggprecept 822=levyita 824=levywaste 827=levylonpen 828=levyother 831=tradaccext
832=tradaccint 841=tradcapext 842=tradcapint 847=accumul 848=adjnce 849=netcurrtot 859=levyflood 865=cera
866=ceraph 867=caprecflex 871=provbad 873=provprin 876=leasing 881=intextpay 883=inthrapay 886=intinvinc
888=pfidiff 889=appfinadj 890=appunequal 891=grantoutaef 893=brsupp 894=levycil 895=crcexp 896=crcinc
900=revenuetot 904=grantinaef 906=trnsreorg 911=appressch 913=appresdsg 914=appresph 915=appresoth
916=appresunall 951=grantrsg 956=grantpol 970=retainnndr 980=colfunct 990=ctrtot
"""
LINES = dict(entry.split("=") for entry in FORM_LINES.split())


def parse(data: bytes, name: str) -> Parsed:
    """Every figure of the budget table, keyed by asset id, or by `ra:<label>` where the year's table has no id for it.

    Values are in £ thousand. Facts per body and year: `class`, `ecode`, `notes` where there are any (S: the return came
    too late, so its figures are missing and only the totals hold imputed ones) and, in 2023-24, `detailed_class`.
    England and the class totals of 2021-22 have no code: theirs is `total:<name>`.
    Left out: titles, spacer rows and columns, section headings, rows without any figure, the source line.
    """
    grid = csv_grid(data, name)
    header = find_header(grid, HEADER, "", name)
    labels = [normal_label(text) for text in grid[header]]
    code, body = labels.index("ons code"), labels.index("local authority")
    if not labels[(body + 1) % len(labels)]:  # 2021-22 leaves the column of note marks without a label
        labels[body + 1] = grid[header][body + 1] = "notes"
    check_labelled(grid, header, "", name)
    period, words = year(grid[:header], name)
    columns = [Column(c, series, period, words) for c, series in series_of(grid, header, name).items()]
    rows = [r for r in range(header + 1, len(grid)) if any(grid[r][column.index].strip() for column in columns)]
    for r in rows:
        if not grid[r][code].strip() and not grid[r][0].strip() and grid[r][body].strip():
            grid[r][code] = f"total:{clean_name(grid[r][body])}"
    values = wide_cells(grid, rows, columns, code=code, body=body, markers=MARKERS, sheet="", name=name)
    cells = pl.concat([values, body_facts(grid, rows, labels, (period, words), "", name)])
    return Parsed(stated_date(grid[:header], period), checked(cells, name))


def series_of(grid: Grid, header: int, name: str) -> dict[int, str]:
    """Series of each column of figures: its asset id, else that of its line, else `ra:<label>`.

    Line numbers stand in the row above the labels; columns without one are bodies' particulars or spacers.
    """
    ids = next((row for row in grid[:header] if "Asset ID" in row[0]), [""] * len(grid[header]))
    lines = [text.strip() for text in grid[header - 1]]
    found: dict[int, str] = {}
    for c, label in enumerate(grid[header]):
        if lines[c].isdigit() and label.strip():
            found[c] = ids[c].strip() or LINES.get(lines[c]) or f"ra:{normal_label(label.translate(MACINTOSH))}"
    if not found:
        raise BadInput(f"{name}: row {header} has no line numbers above the labels; keep the hidden rows when saving")
    return found
