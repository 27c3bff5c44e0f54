using System.Net.Http.Headers;
using System.Text;
using Processor.Cards;
using Processor.Records;
using Processor.Security;

namespace Processor.Api.Tests;

/// <summary>A program that calls the façade with its key.</summary>
internal sealed class Caller(Facade facade, ProgramProfile program, CardProduct product, ApiKey key, Ulid keyId)
{
    private int keys;

    internal ProgramProfile Program => program;

    internal CardProduct Product => product;

    internal ApiKey Key => key;

    internal Ulid KeyId => keyId;

    internal Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, body: null, idempotencyKey: null);

    /// <summary>Posts under a key of its own, or under the one that is given.</summary>
    internal Task<Answer> PostAsync(string path, string body = "", string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body, idempotencyKey ?? $"key-{Interlocked.Increment(ref keys)}");

    internal async Task<Answer> SendAsync(HttpMethod method, string path, string? body, string? idempotencyKey, string? authorization = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? "Bearer " + key.Reveal());
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        if (body is { Length: > 0 })
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await facade.Http.SendAsync(request);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value));
        var text = await response.Content.ReadAsStringAsync();
        facade.Answers.Enqueue(text + string.Join('\n', headers));
        OpenApiContract.Check(method.Method, path, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, text);
        return new(response.StatusCode, text, headers);
    }

    /// <summary>Makes a card with so many euro cents.</summary>
    internal async Task<Answer> CreateCardAsync(long balance = 1_000_00) =>
        await PostAsync("/v1/cards", $$$"""{"initial_balance":{"amount":{{{balance}}},"currency":"EUR"}}""");
}
