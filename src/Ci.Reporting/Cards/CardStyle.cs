namespace Ci.Reporting;

/// <summary>How a card looks: on the screen as the report's page does, on paper as a document that is filed.</summary>
internal static class CardStyle
{
    /// <summary>Fonts that Debian has in its packages fonts-noto-core, fonts-noto-cjk and fonts-dejavu-core.</summary>
    public const string Fonts = "'Noto Sans','Noto Sans Arabic','Noto Sans Hebrew','Noto Sans Devanagari','Noto Sans Thai','Noto Sans CJK SC','DejaVu Sans',sans-serif";

    /// <summary>Added to the style of pages.</summary>
    public const string Screen =
        """
        .kind{margin:0;color:var(--muted)}
        header .facts{margin-top:1.2rem}
        header .facts th,header .facts td{border-bottom:0;padding-top:.15rem;padding-bottom:.15rem}
        .scroll+.scroll{margin-top:1.6rem}
        nav h2{font-size:1rem;margin:0 0 .4rem}
        nav ol{margin:0;padding:0;list-style:none;columns:2}
        .absent{color:var(--muted);font-style:italic}
        @media screen and (min-width:82rem){nav ol{columns:1}nav li{margin:0 0 .35rem}}
        @media (max-width:40rem){nav ol{columns:1}}

        """;

    /// <summary>For the printer alone.</summary>
    public const string Print =
        """
        @page{size:A4;margin:24mm 20mm 22mm;@top-left{content:string(card);font:9pt 'Noto Sans','DejaVu Sans',sans-serif;color:#444}@top-right{content:'Model card';font:9pt 'Noto Sans','DejaVu Sans',sans-serif;color:#444}@bottom-left{content:string(foot);font:8pt 'Noto Sans','DejaVu Sans',sans-serif;color:#444;white-space:nowrap}@bottom-right{content:counter(page) ' / ' counter(pages);font:9pt 'Noto Sans','DejaVu Sans',sans-serif;color:#444}}
        @page:first{margin-top:20mm;@top-left{content:none}@top-right{content:none}}
        *{box-sizing:border-box}
        html{color:#000;background:#fff;font:10pt/1.45 'Noto Sans','Noto Sans Arabic','Noto Sans Hebrew','Noto Sans Devanagari','Noto Sans Thai','Noto Sans CJK SC','DejaVu Sans',sans-serif}
        body,main{margin:0}
        :lang(ja){font-family:'Noto Sans','Noto Sans CJK JP','DejaVu Sans',sans-serif}
        :lang(ko){font-family:'Noto Sans','Noto Sans CJK KR','DejaVu Sans',sans-serif}
        :lang(zh-Hant){font-family:'Noto Sans','Noto Sans CJK TC','DejaVu Sans',sans-serif}
        p{margin:0 0 2.5mm;overflow-wrap:anywhere;orphans:3;widows:3}
        .kind{color:#444;margin:0 0 1mm}
        h1{font-size:22pt;line-height:1.2;margin:0 0 3mm;string-set:card content(),foot attr(data-foot);overflow-wrap:anywhere}
        h2{font-size:14pt;line-height:1.3;margin:9mm 0 3mm;break-after:avoid}
        h2 a,nav a{color:#000;text-decoration:none}
        .lead{font-size:11pt;margin:0 0 4mm}
        header{border-left:1.2mm solid #004f80;padding-left:5mm}
        header.regress{border-left-color:#6b3600}
        header.inconclusive{border-left:1.2mm dashed #666}
        header .facts th,header .facts td{border-bottom:0;padding-top:.6mm;padding-bottom:.6mm}
        nav{margin-top:7mm}
        nav h2{font-size:12pt;margin:0 0 2mm}
        nav ol{list-style:none;margin:0;padding:0}
        nav li{margin:0 0 .8mm}
        nav a::after{content:leader('.') target-counter(attr(href),page)}
        section:first-of-type{break-before:page}
        section:first-of-type h2{margin-top:0}
        .warning{border:.4mm solid #6b3600;color:#6b3600;padding:2mm 3mm}
        .absent,.muted,td small{color:#444}
        .absent{font-style:italic}
        table{border-collapse:collapse;width:100%;font-size:8.5pt;line-height:1.35;margin:0 0 4mm;font-variant-numeric:tabular-nums}
        thead{display:table-header-group}
        tr{break-inside:avoid}
        th,td{text-align:left;vertical-align:top;padding:1mm 4mm 1mm 0;border-bottom:.2mm solid #bbb;overflow-wrap:anywhere}
        th:last-child,td:last-child{padding-right:0}
        thead th{color:#444;font-weight:600;overflow-wrap:normal}
        .number,td[data-label=outcome]{overflow-wrap:normal;white-space:nowrap}
        .number{text-align:right}
        td small{display:block;font-size:7.5pt}
        .facts{break-inside:avoid}
        .facts th{width:38mm;font-weight:400;color:#444}
        code{font-family:'DejaVu Sans Mono','Noto Sans Mono',monospace;font-size:.87em}
        pre{background:#f4f4f4;border:.2mm solid #bbb;padding:2mm 3mm;margin:0 0 3mm;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.4}
        figure{margin:2mm 0 4mm;break-inside:avoid}
        svg.figure{display:block;width:100%;height:auto}

        """;
}
