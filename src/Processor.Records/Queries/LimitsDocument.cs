using System.Text.Json;
using System.Text.Json.Serialization;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Limits as a <c>jsonb</c> column keeps them: what is absent has no bound.</summary>
public static class LimitsDocument
{
    /// <summary>The document; null for null.</summary>
    public static string? Write(LimitRecord? limits) =>
        limits is { } record
            ? JsonSerializer.Serialize(new Document(record.Currency, Form(record.All), Form(record.Cash)), LimitsJson.Default.Document)
            : null;

    /// <summary>Undoes <see cref="Write"/>.</summary>
    /// <exception cref="JsonException">The text is no such document.</exception>
    public static LimitRecord? Read(string? document)
    {
        if (document is null)
            return null;
        var form = JsonSerializer.Deserialize(document, LimitsJson.Default.Document)
            ?? throw new JsonException("The limits are an empty document.");
        return new LimitRecord { Currency = form.Currency, All = Set(form.All), Cash = Set(form.Cash) };
    }

    private static Bounds? Form(in LimitSet set)
    {
        static long? Amount(long bound) => bound < 0 ? null : bound;
        static int? Count(int bound) => bound < 0 ? null : bound;
        return new(
            Amount(set.TransactionAmount), Amount(set.DayAmount), Amount(set.WeekAmount), Amount(set.MonthAmount), Count(set.DayCount), Count(set.WeekCount), Count(set.MonthCount));
    }

    private static LimitSet Set(Bounds? bounds) => bounds is null ? LimitSet.None : new()
    {
        TransactionAmount = bounds.TransactionAmount ?? -1,
        DayAmount = bounds.DayAmount ?? -1,
        WeekAmount = bounds.WeekAmount ?? -1,
        MonthAmount = bounds.MonthAmount ?? -1,
        DayCount = bounds.DayCount ?? -1,
        WeekCount = bounds.WeekCount ?? -1,
        MonthCount = bounds.MonthCount ?? -1,
    };

    internal sealed record Document(ushort Currency, Bounds? All, Bounds? Cash);

    internal sealed record Bounds(
        long? TransactionAmount, long? DayAmount, long? WeekAmount, long? MonthAmount, int? DayCount, int? WeekCount, int? MonthCount);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LimitsDocument.Document))]
internal sealed partial class LimitsJson : JsonSerializerContext;
