using System.Net;
using System.Text.Json;

namespace Processor.Api.Tests;

/// <summary>What the façade answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    internal JsonElement Body => JsonElement.Parse(Text);

    internal string Code => Body.GetProperty("code").GetString()!;

    /// <summary>A member by its path: <c>balances.available.amount</c>.</summary>
    internal JsonElement At(string path)
    {
        var element = Body;
        foreach (var name in path.Split('.'))
            element = int.TryParse(name, out var index) ? element[index] : element.GetProperty(name);
        return element;
    }

    internal string? TextAt(string path) => At(path).GetString();

    internal long NumberAt(string path) => At(path).GetInt64();
}
