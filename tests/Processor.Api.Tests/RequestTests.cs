using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Processor.Records;
using Xunit;

namespace Processor.Api.Tests;

/// <summary>What every request goes through: keys, tenants, bodies, errors.</summary>
[Collection(FacadeTestGroup.Name)]
public sealed class RequestTests(Facade facade)
{
    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer sk_demo_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("Basic c2s6")]
    public async Task Without_a_known_key_nothing_is_said(string authorization)
    {
        var caller = await facade.CallAsync();

        var refused = await caller.SendAsync(HttpMethod.Get, "/v1/cards", body: null, idempotencyKey: null, authorization);

        Assert.Equal((HttpStatusCode.Unauthorized, "unauthorized"), (refused.Status, refused.Code));
        Assert.StartsWith("Bearer", refused.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing()
    {
        var caller = await facade.CallAsync();
        await facade.Get<ApiKeyQueries>().RevokeAsync(caller.KeyId, TimeProvider.System.GetUtcNow(), CancellationToken.None);

        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync("/v1/cards")).Status);
    }

    [Fact]
    public async Task What_belongs_to_another_program_is_not_there()
    {
        var owner = await facade.CallAsync();
        var other = await facade.CallAsync();
        var card = await owner.CreateCardAsync();
        var path = "/v1/cards/" + card.TextAt("id");

        var answers = new[]
        {
            await other.GetAsync(path),
            await other.GetAsync(path + "/transactions"),
            await other.GetAsync("/v1/accounts/" + card.TextAt("account_id")),
            await other.GetAsync($"/v1/accounts/{card.TextAt("account_id")}/balance"),
            await other.PostAsync(path + "/freeze"),
            await other.PostAsync(path + "/close"),
            await other.PostAsync(path + "/transfers", """{"kind":"withdraw","amount":{"amount":1,"currency":"EUR"}}"""),
        };

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.NotFound, "not_found"), (answer.Status, answer.Code)));
        Assert.Equal(0, (await other.GetAsync("/v1/cards")).At("data").GetArrayLength());
        Assert.Equal("active", (await owner.GetAsync(path)).TextAt("state"));
    }

    [Theory]
    [InlineData("/v1/cards/card_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("/v1/cards/01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("/v1/cards/acct_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("/v1/cards/card_")]
    [InlineData("/v1/accounts/acct_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("/v1/transactions/txn_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("/v1/nothing")]
    public async Task What_is_unknown_is_not_there(string path)
    {
        var caller = await facade.CallAsync();

        var answer = await caller.GetAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, "not_found", "application/problem+json"), (answer.Status, answer.Code, answer.Headers["Content-Type"].Split(';')[0]));
        Assert.Equal(answer.Headers["Request-Id"], answer.TextAt("request_id"));
    }

    [Fact]
    public async Task A_method_that_a_path_does_not_take_is_told()
    {
        var caller = await facade.CallAsync();

        var answer = await caller.SendAsync(HttpMethod.Delete, "/v1/cards", body: null, idempotencyKey: null);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "invalid_request"), (answer.Status, answer.Code));
        Assert.Equal("GET, POST", answer.Headers["Allow"]);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"initial_balance":{"amount":1,"currency":"EUR"},"initial_balance":{"amount":2,"currency":"EUR"}}""")]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}""")]
    public async Task A_body_that_is_no_single_object_is_refused(string body)
    {
        var caller = await facade.CallAsync();

        var refused = await caller.PostAsync("/v1/cards", body);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("\"label\":\"\\ud83d\"")]
    [InlineData("\"metadata\":{\"\\udc00\":\"x\"}")]
    [InlineData("\"label\":\"\u00FF\"")]
    public async Task A_string_that_is_no_text_is_refused(string member)
    {
        var caller = await facade.CallAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/cards");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + caller.Key.Reveal());

        // One byte a character: the last one of the rows is no UTF-8.
        request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes("{\"initial_balance\":{\"amount\":1,\"currency\":\"EUR\"}," + member + "}"));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var refused = await facade.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task A_body_without_balance_says_so()
    {
        var caller = await facade.CallAsync();

        var refused = await caller.PostAsync("/v1/cards", "{}");

        Assert.Equal((HttpStatusCode.BadRequest, "initial_balance_required", "/initial_balance"), (refused.Status, refused.Code, refused.TextAt("errors.0.pointer")));
    }

    [Theory]
    [InlineData(""" "limits":{"all":{"dayly":{}}} """, "/limits/all/-", "unknown_field")]
    [InlineData(""" "limits":{"all":{"daily":{"count":1.5}}} """, "/limits/all/daily/count", "not_an_integer")]
    [InlineData(""" "limits":{"all":{"daily":{"amount":{"amount":5,"currency":"USD"}}}} """, "/limits/all/daily/amount", "invalid_value")]
    [InlineData(""" "limits":{"all":{"per_transaction":{"count":5}}} """, "/limits/all/per_transaction/-", "unknown_field")]
    [InlineData(""" "label":"" """, "/label", "invalid_length")]
    [InlineData(""" "label":5 """, "/label", "invalid_type")]
    [InlineData(""" "form":"physical" """, "/form", "invalid_value")]
    [InlineData(""" "metadata":{"a":1} """, "/metadata", "invalid_value")]
    [InlineData(""" "label":"Anna 4761 7390 0101 0010" """, "/label", "card_number")]
    [InlineData(""" "external_id":"4761739001010010" """, "/external_id", "card_number")]
    [InlineData(""" "metadata":{"a":"4761-7390-0101-0010"} """, "/metadata", "card_number")]
    [InlineData(""" "metadata":{"4761739001010010":"a"} """, "/metadata", "card_number")]
    [InlineData(""" "pan":"4761739001010010" """, "/-", "unknown_field")]
    public async Task A_card_that_is_not_as_it_has_to_be_says_where(string member, string pointer, string code)
    {
        var caller = await facade.CallAsync();

        var refused = await caller.PostAsync("/v1/cards", $$$"""{"initial_balance":{"amount":1,"currency":"EUR"},{{{member}}}}""");

        Assert.Equal((HttpStatusCode.BadRequest, pointer, code), (refused.Status, refused.TextAt("errors.0.pointer"), refused.TextAt("errors.0.code")));
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_however_it_is_sent()
    {
        var caller = await facade.CallAsync();
        var body = $$$"""{"label":"{{{new string('x', JsonBody.LengthMax)}}}"}""";

        var whole = await caller.PostAsync("/v1/cards", body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/cards");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + caller.Key.Reveal());
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var chunked = await facade.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, whole.Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, chunked.StatusCode);
    }

    [Fact]
    public async Task A_body_of_another_media_type_is_refused()
    {
        var caller = await facade.CallAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/cards");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + caller.Key.Reveal());
        request.Content = new FormUrlEncodedContent([new("label", "x")]);

        using var refused = await facade.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
    }

    [Fact]
    public async Task Requests_are_counted_by_the_pattern_of_their_path_and_never_by_the_path()
    {
        var caller = await facade.CallAsync();
        var tags = new ConcurrentQueue<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((instrument, _, found, _) =>
        {
            if (instrument.Meter.Name == "Processor.Api")
                tags.Enqueue(string.Join(' ', found.ToArray().Select(tag => tag.Value)));
        });
        listener.Start();

        await caller.GetAsync("/v1/cards/card_01ARZ3NDEKTSV4RRFFQ69G5FAV");
        await caller.GetAsync("/v1/cards");
        await caller.GetAsync("/v1/nothing");

        Assert.Equal(["GET /v1/cards/{cardId} 404", "GET /v1/cards 200", "GET  404"], tags);
    }
}
