namespace Processor.Cli.Reports;

/// <summary>How the load report looks, in light and in dark.</summary>
internal static class LoadReportStyle
{
    /// <summary>The style sheet. It needs no font and no file.</summary>
    public const string Css = """
        :root { color-scheme: light dark; --page: #f6f7f9; --card: #ffffff; --ink: #1b2330; --faint: #5c6778; --rule: #e3e7ee;
          --one: #2563eb; --two: #c2570c; --three: #8b93a3; --bad: #c81e1e; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #11151c; --card: #191f29; --ink: #e6eaf1; --faint: #97a3b6; --rule: #2a3240;
            --one: #6ea8fe; --two: #f59e5b; --three: #77839a; --bad: #f87171; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 1040px; margin: 0 auto; padding: 32px 20px 48px; }
        h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 0; }
        header p { margin: 0; color: var(--faint); } .note { margin: 2px 0 10px; color: var(--faint); font-size: 13.5px; }
        section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 18px 20px; margin-top: 18px; }
        .figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 14px 18px; }
        .figures div { display: flex; flex-direction: column; min-width: 0; }
        .figures strong { font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .figures small { color: var(--faint); font-size: 13px; min-height: 1em; } .figures .bad strong { color: var(--bad); }
        @media (max-width: 640px) { .figures { grid-template-columns: repeat(2, 1fr); } }
        svg { display: block; width: 100%; height: auto; }
        .grid { stroke: var(--rule); stroke-width: 1; } .tick, .axis { fill: var(--faint); font-size: 12.5px; font-family: inherit; }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; } .area { stroke: none; opacity: .13; }
        .line.one { stroke: var(--one); } .line.two { stroke: var(--two); } .line.three { stroke: var(--three); stroke-width: 1.5; }
        .line.due { stroke: var(--faint); stroke-width: 1.5; stroke-dasharray: 5 5; } .area.one { fill: var(--one); }
        .dot { opacity: 0; stroke: var(--card); stroke-width: 6; paint-order: stroke; } .dot:hover { opacity: 1; }
        .dot.one { fill: var(--one); } .dot.two { fill: var(--two); } .dot.three { fill: var(--three); }
        .legend { margin: 6px 0 0; display: flex; gap: 18px; justify-content: center; color: var(--faint); font-size: 13px; }
        .legend i { display: inline-block; width: 18px; height: 3px; border-radius: 2px; margin-right: 7px; vertical-align: middle; }
        i.one { background: var(--one); } i.two { background: var(--two); } i.three { background: var(--three); }
        i.due { background: repeating-linear-gradient(90deg, var(--faint) 0 5px, transparent 5px 9px); }
        table { border-collapse: collapse; width: 100%; margin: 8px 0 12px; font-variant-numeric: tabular-nums; }
        th { text-align: left; font-size: 13px; font-weight: 500; color: var(--faint); }
        th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--rule); }
        th:nth-child(n+3), td:nth-child(n+3) { text-align: right; }

        """;
}
