using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Processor.EndToEnd.Tests;

/// <summary>The JSON façade of a host, called with the demo program's key.</summary>
internal sealed class Facade(HostProcess host)
{
    private int operations;

    /// <summary>Finds a demo card by the end of its PAN.</summary>
    /// <returns>Its identifier.</returns>
    internal async Task<string> FindCardAsync(string last4)
    {
        using var cards = await SendAsync(HttpMethod.Get, "/v1/cards?limit=100", body: null);
        return cards.RootElement.GetProperty("data").EnumerateArray().Single(card => card.GetProperty("last4").GetString() == last4).GetProperty("id").GetString()!;
    }

    /// <summary>Posts a body under an idempotency key of its own.</summary>
    /// <exception cref="HttpRequestException">The answer is not a success.</exception>
    internal Task<JsonDocument> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    /// <summary>What a path answers, as it stands.</summary>
    internal async Task<string> GetTextAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, body: null);
        return answer.RootElement.GetRawText();
    }

    private async Task<JsonDocument> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", host.ReadApiKey());
        if (body is not null)
        {
            request.Headers.Add("Idempotency-Key", $"whole-system-{++operations}");
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await host.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{method} {path} was answered {(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text);
    }
}
