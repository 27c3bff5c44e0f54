using System.Net;
using Npgsql;
using Xunit;

namespace Processor.Api.Tests;

[Collection(FacadeTestGroup.Name)]
public sealed class IdempotencyTests(Facade facade)
{
    private const string TopUp = """{"kind":"top_up","amount":{"amount":100,"currency":"EUR"}}""";

    [Fact]
    public async Task A_post_without_key_is_refused()
    {
        var caller = await facade.CallAsync();

        var refused = await caller.SendAsync(HttpMethod.Post, "/v1/cards", """{"initial_balance":{"amount":1,"currency":"EUR"}}""", idempotencyKey: null);

        Assert.Equal((HttpStatusCode.BadRequest, "idempotency_key_missing"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("\"open")]
    [InlineData("\"a\"b")]
    [InlineData("\"\"")]
    [InlineData("\"a\\c\"")]
    public async Task A_key_that_is_no_string_is_refused(string key)
    {
        var caller = await facade.CallAsync();

        var refused = await caller.PostAsync("/v1/cards", """{"initial_balance":{"amount":1,"currency":"EUR"}}""", key);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task A_key_of_256_characters_is_refused_and_one_of_255_is_good()
    {
        var caller = await facade.CallAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await caller.PostAsync("/v1/cards", """{"initial_balance":{"amount":1,"currency":"EUR"}}""", new string('k', 256))).Status);
        Assert.Equal(HttpStatusCode.Created, (await caller.PostAsync("/v1/cards", """{"initial_balance":{"amount":1,"currency":"EUR"}}""", new string('k', 255))).Status);
    }

    [Fact]
    public async Task The_same_request_under_the_same_key_gets_the_first_answer_and_moves_money_once()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(1_00);
        var path = $"/v1/cards/{card.TextAt("id")}/transfers";

        var first = await caller.PostAsync(path, TopUp, "one");
        var quoted = await caller.PostAsync(path, TopUp, "\"one\"");
        var refusal = await caller.PostAsync(path, """{"kind":"withdraw","amount":{"amount":900,"currency":"EUR"}}""", "two");
        await caller.PostAsync(path, """{"kind":"top_up","amount":{"amount":5000,"currency":"EUR"}}""");
        var refusedAgain = await caller.PostAsync(path, """{"kind":"withdraw","amount":{"amount":900,"currency":"EUR"}}""", "two");

        Assert.False(first.Headers.ContainsKey("Idempotent-Replayed"));
        Assert.Equal((first.Text, HttpStatusCode.Created, "true"), (quoted.Text, quoted.Status, quoted.Headers["Idempotent-Replayed"]));
        Assert.Equal((refusal.Text, HttpStatusCode.UnprocessableEntity, "true"), (refusedAgain.Text, refusedAgain.Status, refusedAgain.Headers["Idempotent-Replayed"]));
        Assert.Equal(52_00, (await BalanceAsync(caller, card)).NumberAt("posted.amount"));
    }

    [Fact]
    public async Task The_same_key_with_another_request_is_refused()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(1_00);
        var first = await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/transfers", TopUp, "one");

        var body = await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/transfers", TopUp.Replace("100", "101", StringComparison.Ordinal), "one");
        var path = await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/freeze", "", "one");

        Assert.All([body, path], answer =>
        {
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_mismatch"), (answer.Status, answer.Code));
            Assert.Equal(first.TextAt("id"), answer.TextAt("resource_id"));
        });
        Assert.Equal(2_00, (await BalanceAsync(caller, card)).NumberAt("posted.amount"));
    }

    [Fact]
    public async Task Keys_of_two_programs_do_not_meet()
    {
        var (one, two) = (await facade.CallAsync(), await facade.CallAsync());

        var first = await one.PostAsync("/v1/cards", """{"initial_balance":{"amount":1,"currency":"EUR"}}""", "same");
        var second = await two.PostAsync("/v1/cards", """{"initial_balance":{"amount":1,"currency":"EUR"}}""", "same");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.Status, second.Status));
        Assert.NotEqual(first.TextAt("id"), second.TextAt("id"));
    }

    [Fact]
    public async Task Of_requests_at_once_one_is_carried_out()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(1_00);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => caller.PostAsync($"/v1/cards/{card.TextAt("id")}/transfers", TopUp, "one")));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created && !answer.Headers.ContainsKey("Idempotent-Replayed"));
        Assert.All(answers, answer => Assert.True(
            answer.Status == HttpStatusCode.Created || (answer.Code == "idempotency_in_progress" && answer.Headers["Retry-After"] == "1")));
        Assert.Equal(2_00, (await BalanceAsync(caller, card)).NumberAt("posted.amount"));
    }

    [Fact]
    public async Task A_request_that_is_being_carried_out_makes_others_wait_and_one_that_was_left_is_taken_over()
    {
        var caller = await facade.CallAsync();
        const string Body = """{"initial_balance":{"amount":700,"currency":"EUR"}}""";
        var first = await caller.PostAsync("/v1/cards", Body, "one");
        const string Unfinish = "update idempotency_key set finished_at = null, status = null, body = null, started_at = now() - @age where program = @program";

        await DoAsync(caller, Unfinish, TimeSpan.Zero);
        var early = await caller.PostAsync("/v1/cards", Body, "one");
        await DoAsync(caller, Unfinish, TimeSpan.FromMinutes(2));
        var late = await caller.PostAsync("/v1/cards", Body, "one");

        Assert.Equal((HttpStatusCode.Conflict, "idempotency_in_progress", "1"), (early.Status, early.Code, early.Headers["Retry-After"]));
        Assert.Equal((HttpStatusCode.Created, first.TextAt("id")), (late.Status, late.TextAt("id")));
        Assert.Equal(7_00, (await BalanceAsync(caller, first)).NumberAt("posted.amount"));
        Assert.Equal(1, (await caller.GetAsync("/v1/cards")).At("data").GetArrayLength());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_card_whose_making_the_ledger_left_half_done_is_finished_under_its_key(int steps)
    {
        var caller = await facade.CallAsync();
        const string Body = """{"initial_balance":{"amount":700,"currency":"EUR"}}""";

        facade.Line.Left = steps;
        var failed = await caller.PostAsync("/v1/cards", Body, "one");
        facade.Line.Left = -1;
        var listed = await caller.GetAsync("/v1/cards");
        var made = await caller.PostAsync("/v1/cards", Body, "one");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "service_unavailable", "1"), (failed.Status, failed.Code, failed.Headers["Retry-After"]));
        Assert.Equal(steps < 2 ? "pending" : "active", listed.TextAt("data.0.state"));
        Assert.Equal((HttpStatusCode.Created, listed.TextAt("data.0.id")), (made.Status, made.TextAt("id")));
        Assert.Equal(7_00, (await BalanceAsync(caller, made)).NumberAt("posted.amount"));
    }

    [Fact]
    public async Task After_seven_days_a_key_is_new()
    {
        var caller = await facade.CallAsync();
        var first = await caller.PostAsync("/v1/cards", """{"initial_balance":{"amount":1,"currency":"EUR"}}""", "one");
        await DoAsync(caller, "update idempotency_key set started_at = now() - @age where program = @program", TimeSpan.FromDays(7.01));

        var next = await caller.PostAsync("/v1/cards", """{"initial_balance":{"amount":2,"currency":"EUR"}}""", "one");

        Assert.Equal(HttpStatusCode.Created, next.Status);
        Assert.NotEqual(first.TextAt("id"), next.TextAt("id"));
    }

    private static Task<Answer> BalanceAsync(Caller caller, Answer card) => caller.GetAsync($"/v1/accounts/{card.TextAt("account_id")}/balance");

    private async Task DoAsync(Caller caller, string sql, TimeSpan age)
    {
        await using var source = NpgsqlDataSource.Create(facade.Stage.Settings.Postgres);
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue("age", age);
        command.Parameters.AddWithValue("program", caller.Program.Number);
        await command.ExecuteNonQueryAsync();
    }
}
