using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Processor.Bench;

/// <summary>A sheet as Markdown for people and as JSON for programs.</summary>
internal static class SheetText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>One figure in one line.</summary>
    public static string Line(Figure figure) =>
        $"{figure.Name} = {Number(figure.Value)} {figure.Unit}" + (figure.Yardstick.Length == 0 ? "" : $" ({Ratio(figure)} of: {figure.Yardstick})");

    /// <summary>Writes both files and says where.</summary>
    public static string Save(FigureSheet sheet, string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{sheet.StartedAt:yyyy-MM-dd}-{sheet.Name}"));
        File.WriteAllText(path + ".md", Markdown(sheet));
        using var file = File.Create(path + ".json");
        WriteJson(sheet, file);
        return path + ".md";
    }

    private static string Markdown(FigureSheet sheet)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {sheet.Name}, {sheet.StartedAt:yyyy-MM-dd HH:mm} UTC\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{sheet.Machine.Line}\n");
        foreach (var group in sheet.Figures.Select(figure => figure.Group).Distinct())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {group}\n\n| figure | value | unit | ratio | to | note |\n| --- | ---: | --- | ---: | --- | --- |\n");
            foreach (var figure in sheet.Figures.Where(figure => figure.Group == group))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {figure.Name} | {Number(figure.Value)} | {figure.Unit} | {Ratio(figure)} | {figure.Yardstick} | {figure.Note} |\n");
            }
        }

        return text.ToString();
    }

    private static void WriteJson(FigureSheet sheet, Stream target)
    {
        using var writer = new Utf8JsonWriter(target, Indented);
        writer.WriteStartObject();
        writer.WriteString("name", sheet.Name);
        writer.WriteString("started", sheet.StartedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("machine", sheet.Machine.Line);
        writer.WriteStartArray("figures");
        foreach (var figure in sheet.Figures)
        {
            writer.WriteStartObject();
            writer.WriteString("group", figure.Group);
            writer.WriteString("name", figure.Name);
            writer.WriteNumber("value", Math.Round(figure.Value, 4));
            writer.WriteString("unit", figure.Unit);
            if (figure.Yardstick.Length > 0)
            {
                writer.WriteString("yardstick", figure.Yardstick);
                writer.WriteNumber("ratio", Math.Round(figure.Ratio, 4));
            }

            if (figure.Note.Length > 0)
                writer.WriteString("note", figure.Note);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        target.WriteByte((byte)'\n');
    }

    // Three digits that mean something, and all digits of a whole number.
    private static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 => Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    private static string Ratio(Figure figure) =>
        figure.Yardstick.Length == 0 ? "" : figure.Ratio.ToString(figure.Ratio >= 10 ? "0.#" : "0.##", CultureInfo.InvariantCulture) + " ×";
}
