namespace Ci.EdgeAgent.Status;

/// <summary>How the device page looks: system fonts, one column, light and dark, a phone's width. Nothing is told by colour alone.</summary>
internal static class StatusPageStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--ink:#1a1f26;--soft:#59636f;--line:#dde2e8;--card:#fff;--page:#f3f5f7;--good:#146c3c;--goodbg:#e4f4ea;--wait:#7a4d00;--waitbg:#fdf1d8;--bad:#a1232c;--badbg:#fce8e8;--accent:#1d5cb8;--track:#c9d0d8}
        @media(prefers-color-scheme:dark){:root{--ink:#e9ecf0;--soft:#9ba6b2;--line:#2b323b;--card:#171b20;--page:#0e1114;--good:#7bd19c;--goodbg:#12301f;--wait:#f0c16b;--waitbg:#33270d;--bad:#ff9a94;--badbg:#3a1618;--accent:#8ab8ff;--track:#3a434e}}
        *{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
        main{max-width:48rem;margin:0 auto;padding:2rem 1.25rem 3rem}a{color:var(--accent)}code{font:.88em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
        header{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .75rem}h1{font-size:1.5rem;line-height:1.25;margin:0;overflow-wrap:anywhere}h2{font-size:1rem;margin:0;font-weight:600;overflow-wrap:anywhere}
        h3{font-size:.875rem;font-weight:600;color:var(--soft);margin:1.5rem 0 .25rem}.soft,footer{color:var(--soft)}footer{margin-top:2rem;font-size:.875rem}footer p{margin:.25rem 0}
        .card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.25rem 1.5rem;margin-top:1.25rem}
        .top{display:flex;justify-content:space-between;align-items:center;gap:1rem}.pill{white-space:nowrap;border-radius:99px;padding:.1rem .7rem;font-size:.875rem;font-weight:600;background:var(--waitbg);color:var(--wait)}.pill.good{background:var(--goodbg);color:var(--good)}.pill.bad{background:var(--badbg);color:var(--bad)}
        .lead{font-size:1.75rem;font-weight:650;letter-spacing:-.01em;margin:.5rem 0 0;line-height:1.2;overflow-wrap:anywhere}.under{margin:.25rem 0 0;color:var(--soft)}
        .why{margin:1rem 0 0;padding:.6rem .9rem;border-left:3px solid var(--wait);background:var(--waitbg);border-radius:0 8px 8px 0;overflow-wrap:anywhere}.why.bad{border-color:var(--bad);background:var(--badbg)}
        .steps{display:grid;grid-template-columns:repeat(4,1fr);list-style:none;margin:1.25rem 0 0;padding:0}.steps li{position:relative;padding:1.4rem .5rem 0 0;border:0;display:block;font-size:.875rem}
        .steps li:before{content:"";position:absolute;left:0;right:0;top:.5rem;height:2px;background:var(--track)}.steps li:last-child:before{right:auto;width:0}.steps li:after{content:"";position:absolute;left:0;top:.15rem;width:.75rem;height:.75rem;border-radius:50%;background:var(--card);border:2px solid var(--track)}
        .steps li.yes:before{background:var(--good)}.steps li.yes:after{background:var(--good);border-color:var(--good)}.steps b{display:block;font-weight:600}.steps span{color:var(--soft);overflow-wrap:anywhere}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.25rem;margin:1.25rem 0 0}dt{color:var(--soft)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
        ol.log{list-style:none;margin:0;padding:0}ol.log li{display:grid;grid-template-columns:8.5rem 1fr;gap:.9rem;padding:.45rem 0;border-top:1px solid var(--line)}ol.log li:first-child{border-top:0}ol.log span{min-width:0;overflow-wrap:anywhere}
        time{color:var(--soft);font-variant-numeric:tabular-nums}.mark{font-weight:600}.mark.bad{color:var(--bad)}.mark.good{color:var(--good)}
        @media(max-width:34rem){main{padding:1.25rem .75rem 2rem}.card{padding:1rem}.lead{font-size:1.5rem}ol.log li{grid-template-columns:1fr;gap:0}dl{grid-template-columns:1fr;gap:0}dt{margin-top:.55rem}.steps{grid-template-columns:1fr}.steps li{padding:0 0 .9rem 1.5rem}.steps li:before,.steps li:last-child:before{left:.3125rem;right:auto;top:.3rem;bottom:-.3rem;width:2px;height:auto}.steps li:last-child:before{width:0}.steps li:after{top:.3rem}}
        @media print{body{background:#fff}.card{break-inside:avoid}}
        """;
}
