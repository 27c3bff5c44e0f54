using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Processor.Cards;
using Processor.Records;
using Processor.Security;
using Processor.Testing;
using Xunit;

namespace Processor.Host.Tests;

/// <summary>What a program manager does by JSON, a network meets over TCP, and the other way round.</summary>
public sealed class CardsAndNetworksTests(PostgresFixture postgres, RedisFixture redis) : HostTest(postgres, redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int lastKey;

    [Fact]
    public async Task A_freeze_that_was_answered_is_met_on_every_host_by_the_next_request()
    {
        await using var one = await StartForManagerAsync();
        await using var two = await StartForManagerAsync();
        await using var line = await two.ConnectAsync();
        var card = await FindCardAsync(one, DemoCards.Unlimited);

        for (var round = 0; round < 20; round++)
        {
            await PostAsync(one, $"/v1/cards/{card}/freeze", HttpStatusCode.OK);
            Assert.Equal("57", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Unlimited, 1_00)))[39]);
            await PostAsync(one, $"/v1/cards/{card}/unfreeze", HttpStatusCode.OK);
            Assert.Equal("00", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Unlimited, 1_00)))[39]);
        }
    }

    [Fact]
    public async Task A_top_up_can_be_spent_at_once_and_a_withdrawal_cannot()
    {
        await using var host = await StartForManagerAsync();
        await using var line = await host.ConnectAsync();
        var card = await FindCardAsync(host, DemoCards.Poor);

        Assert.Equal("51", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Poor, 25_00)))[39]);
        await PostAsync(host, $"/v1/cards/{card}/transfers", HttpStatusCode.Created, """{"kind":"top_up","amount":{"amount":2000,"currency":"EUR"}}""");
        Assert.Equal("00", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Poor, 25_00)))[39]);
        await PostAsync(host, $"/v1/cards/{card}/transfers", HttpStatusCode.Created, """{"kind":"withdraw","amount":{"amount":400,"currency":"EUR"}}""");
        Assert.Equal("51", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Poor, 2_00)))[39]);
        Assert.Equal("00", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Poor, 1_00)))[39]);
    }

    [Fact]
    public async Task Why_a_network_was_declined_is_told_as_json()
    {
        await using var host = await StartForManagerAsync();
        await using var line = await host.ConnectAsync();
        var card = await FindCardAsync(host, DemoCards.Everyday);

        Assert.Equal("61", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Everyday, 600_00)))[39]);

        var declined = await WaitForTransactionAsync(host, card, "declined");
        Assert.Equal("amount_limit", declined.GetProperty("decline").GetProperty("reason").GetString());
        Assert.NotEmpty(declined.GetProperty("decline").GetProperty("hint").GetString()!);
        Assert.Equal("network-1", declined.GetProperty("network").GetProperty("name").GetString());
        Assert.Equal("61", declined.GetProperty("events")[0].GetProperty("de39").GetString());
        Assert.Equal("Corner shop", declined.GetProperty("merchant").GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_hold_that_nobody_completes_is_released_on_an_idle_account_when_its_time_has_passed()
    {
        await using var host = await StartForManagerAsync();
        await using var line = await host.ConnectAsync();
        var card = await FindCardAsync(host, DemoCards.Everyday);
        Assert.Equal("00", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Everyday, 100_00)))[39]);
        await WaitForTransactionAsync(host, card, "pending");

        host.Clock.PutForward(TimeSpan.FromDays(60));
        var settled = await host.Get<DueHoldsWorker>().SettleAsync(CancellationToken.None);

        Assert.Equal(1, settled);
        var expired = await WaitForTransactionAsync(host, card, "expired");
        Assert.Equal(0, expired.GetProperty("amounts").GetProperty("held").GetProperty("amount").GetInt64());
        Assert.Equal(0, await host.Get<DueHoldsWorker>().SettleAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_card_whose_issuance_was_left_is_finished_and_pays()
    {
        await using var host = await StartForManagerAsync();
        await using var line = await host.ConnectAsync();
        var (cards, vault, pan) = (host.Get<CardQueries>(), host.Get<PanVault>(), DemoCards.PanOf(1));
        var example = Assert.Single(await cards.ListByPanAsync([vault.Hash(DemoCards.Poor)], CancellationToken.None));
        var id = Ulid.Create(host.Clock);
        var left = example with
        {
            Id = id,
            AccountId = Ulid.Create(host.Clock),
            PanHash = vault.Hash(pan),
            PanCipher = vault.Encrypt(pan, id),
            InitialBalance = 7_00,
            CreatedAt = host.Clock.GetUtcNow(),
            IssuedAt = null,
        };
        Assert.True(await cards.AddAsync(left, CancellationToken.None));
        Assert.Equal("14", (await line.AskAsync(NetworkLine.Purchase(pan, 7_00)))[39]);
        var worker = host.Get<BegunCardsWorker>();

        var tooEarly = await worker.FinishAsync(CancellationToken.None);
        host.Clock.PutForward(TimeSpan.FromMinutes(2));
        var finished = await worker.FinishAsync(CancellationToken.None);

        Assert.Equal((0, 1, 0), (tooEarly, finished, await worker.FinishAsync(CancellationToken.None)));
        Assert.Equal("00", (await line.AskAsync(NetworkLine.Purchase(pan, 7_00)))[39]);
        Assert.Equal("51", (await line.AskAsync(NetworkLine.Purchase(pan, 1)))[39]);
    }

    [Fact]
    public async Task What_was_accepted_is_answered_before_a_host_leaves()
    {
        const int Count = 200;
        await using var host = await StartForManagerAsync();
        await using var line = await host.ConnectAsync();
        Assert.Equal("00", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Unlimited, 1_00)))[39]);
        var frames = Enumerable.Range(0, Count).SelectMany(_ => NetworkLine.Frame(NetworkLine.Purchase(DemoCards.Unlimited, 1_00))).ToArray();

        await line.SendAsync(frames);
        var first = await line.ReceiveOrEndAsync();
        var stopping = host.StopAsync();
        var answers = first is null ? 0 : 1;
        while (await line.ReceiveOrEndAsync() is { } answer)
        {
            Assert.Equal("00", answer[39]);
            answers++;
        }

        await stopping.WaitAsync(Patience);
        await using var next = await StartForManagerAsync();
        var card = await FindCardAsync(next, DemoCards.Unlimited);
        var held = await HeldAsync(next, card);
        Assert.Equal((answers + 1) * 1_00, held);
    }

    [Fact]
    public async Task A_host_without_the_roles_serves_neither_networks_nor_programs_and_says_how_it_is()
    {
        await using var host = await StartForManagerAsync(("Processor:Roles", "recorder"));

        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("/v1/cards")).StatusCode);
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(host.ConnectAsync);
    }

    private async Task<RunningHost> StartForManagerAsync(params (string Key, string Value)[] more)
    {
        var host = await StartAsync(more);
        host.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(Folder, "api-key"))).Trim());
        return host;
    }

    private static async Task<string> FindCardAsync(RunningHost host, Pan pan)
    {
        var card = Assert.Single(await host.Get<CardQueries>().ListByPanAsync([host.Get<PanVault>().Hash(pan)], CancellationToken.None));
        return "card_" + card.Id;
    }

    private async Task PostAsync(RunningHost host, string path, HttpStatusCode status, string? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("Idempotency-Key", $"{nameof(CardsAndNetworksTests)}-{++lastKey}");
        if (body is not null)
            request.Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        var answer = await host.Http.SendAsync(request);
        Assert.True(answer.StatusCode == status, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<long> HeldAsync(RunningHost host, string card)
    {
        var account = (await host.Http.GetFromJsonAsync<JsonElement>($"/v1/cards/{card}")).GetProperty("account_id").GetString();
        return (await host.Http.GetFromJsonAsync<JsonElement>($"/v1/accounts/{account}/balance")).GetProperty("held").GetProperty("amount").GetInt64();
    }

    /// <summary>The card's latest transaction, once Postgres has it in that status.</summary>
    private static async Task<JsonElement> WaitForTransactionAsync(RunningHost host, string card, string status)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var list = await host.Http.GetFromJsonAsync<JsonElement>($"/v1/cards/{card}/transactions?limit=1", patience.Token);
            if (list.GetProperty("data").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } latest
                && latest.GetProperty("status").GetString() == status)
            {
                return latest;
            }
        }
    }
}
