using System.Globalization;
using System.Net;
using System.Text;

namespace Processor.Cli.Reports;

/// <summary>Draws lines as one inline SVG. All numbers are drawing units, which scale with the page.</summary>
internal static class Chart
{
    private const double Width = 960;
    private const double Height = 320;
    private const double Left = 78;
    private const double Right = 18;
    private const double Top = 14;
    private const double Bottom = 48;
    private const double InnerWidth = Width - Left - Right;
    private const double InnerHeight = Height - Top - Bottom;

    // More dots than this are a band, and make the page heavy.
    private const int DotsMax = 240;

    /// <summary>Draws one chart with its legend.</summary>
    /// <param name="label">What a screen reader says.</param>
    /// <param name="across">The horizontal axis.</param>
    /// <param name="upward">The vertical axis.</param>
    /// <param name="lines">What is drawn, the last one on top.</param>
    public static string Draw(string label, Axis across, Axis upward, IReadOnlyList<ChartLine> lines)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width:0} {Height:0}\" role=\"img\" aria-label=\"{Text(label)}\">\n");
        AppendGrid(svg, across, upward);
        foreach (var line in lines.Where(line => line.Points.Count > 0))
            AppendLine(svg, across, upward, line);
        svg.Append("</svg>\n");
        if (lines.Count > 1)
            AppendLegend(svg, lines);
        return svg.ToString();
    }

    /// <summary>Text as it may stand in HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    private static void AppendGrid(StringBuilder svg, Axis across, Axis upward)
    {
        double lowest = double.MaxValue;
        foreach (var (value, name) in upward.Ticks)
        {
            double y = Y(upward, value);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left:0}\" x2=\"{Width - Right:0}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>");

            // Names closer than a line of text would cover each other.
            if (lowest - y < 15)
                continue;
            lowest = y;
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{Left - 9:0}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{Text(name)}</text>\n");
        }

        double rightmost = double.MinValue;
        foreach (var (value, name) in across.Ticks)
        {
            double x = X(across, value);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Top:0}\" y2=\"{Height - Bottom:0}\"/>");
            if (x - rightmost < 34)
                continue;
            rightmost = x;
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{x:0.#}\" y=\"{Height - Bottom + 19:0}\" text-anchor=\"middle\">{Text(name)}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis\" x=\"{Left + (InnerWidth / 2):0}\" y=\"{Height - 8:0}\" text-anchor=\"middle\">{Text(across.Title)}</text>\n");
        double middle = Top + (InnerHeight / 2);
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis\" transform=\"translate(16 {middle:0}) rotate(-90)\" text-anchor=\"middle\">{Text(upward.Title)}</text>\n");
    }

    private static void AppendLine(StringBuilder svg, Axis across, Axis upward, ChartLine line)
    {
        string path = string.Join(' ', line.Points.Select(point => string.Create(
            CultureInfo.InvariantCulture, $"{X(across, point.X):0.#},{Y(upward, point.Y):0.#}")));
        if (line.IsFilled)
        {
            double first = X(across, line.Points[0].X);
            double last = X(across, line.Points[^1].X);
            svg.Append(CultureInfo.InvariantCulture, $"<polygon class=\"area {line.Look}\" points=\"{first:0.#},{Height - Bottom:0} {path} {last:0.#},{Height - Bottom:0}\"/>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"line {line.Look}\" points=\"{path}\"/>\n");
        if (line.Points.Count > DotsMax)
            return;
        foreach (var (x, y, note) in line.Points.Where(point => point.Note.Length > 0))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot {line.Look}\" cx=\"{X(across, x):0.#}\" cy=\"{Y(upward, y):0.#}\" r=\"3\"><title>{Text(note)}</title></circle>\n");
        }
    }

    private static void AppendLegend(StringBuilder svg, IReadOnlyList<ChartLine> lines)
    {
        svg.Append("<p class=\"legend\">");
        foreach (var line in lines)
            svg.Append(CultureInfo.InvariantCulture, $"<span><i class=\"{line.Look}\"></i>{Text(line.Name)}</span> ");
        svg.Append("</p>\n");
    }

    private static double X(Axis across, double value) => Left + (InnerWidth * Math.Clamp(across.Place(value), 0, 1));

    private static double Y(Axis upward, double value) => Height - Bottom - (InnerHeight * Math.Clamp(upward.Place(value), 0, 1));
}
