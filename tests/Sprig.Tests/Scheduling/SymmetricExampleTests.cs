using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>What symmetric coroutines are good for, as programs of a few lines.</summary>
public class SymmetricExampleTests
{
    private readonly EventLog _log = new();

    private sealed record Node(int Value, Node? Left = null, Node? Right = null);

    private enum Light
    {
        Red,
        Green,
        Yellow,
    }

    [Fact]
    public async Task A_generator()
    {
        SymmetricCoroutine<bool, long> fibonacci = new(async (self, goesOn) =>
        {
            (long a, long b) = (0, 1);
            while (goesOn)
            {
                goesOn = await self.SwitchBack(a);
                (a, b) = (b, a + b);
            }

            return a;
        });
        List<long> numbers = [];
        for (int i = 0; i < 10; i++)
            numbers.Add(await fibonacci.Switch(true));
        Assert.Equal([0, 1, 1, 2, 3, 5, 8, 13, 21, 34], numbers);
        Assert.Equal(55, await fibonacci.Switch(false));
        Assert.False(fibonacci.IsAlive);
    }

    [Fact]
    public async Task A_state_machine_whose_state_is_where_its_body_is()
    {
        SymmetricCoroutine<string, Light> lights = new(async (self, command) =>
        {
            while (true)
            {
                while (command != "go")
                    command = await self.SwitchBack(Light.Red);
                command = await self.SwitchBack(Light.Green);
                while (command != "stop")
                    command = await self.SwitchBack(Light.Green);
                command = await self.SwitchBack(Light.Yellow);
            }
        });
        List<Light> seen = [];
        foreach (string command in new[] { "", "go", "", "stop", "", "", "go" })
            seen.Add(await lights.Switch(command));
        Assert.Equal([Light.Red, Light.Green, Light.Green, Light.Yellow, Light.Red, Light.Red, Light.Green], seen);
    }

    [Fact]
    public async Task A_parser_that_is_fed_character_by_character()
    {
        // "3:abc" is a string of three characters; they come in whatever pieces.
        SymmetricCoroutine<char, string?> parser = new(async (self, next) =>
        {
            while (true)
            {
                int length = 0;
                for (; char.IsAsciiDigit(next); next = await self.SwitchBack(null))
                    length = (10 * length) + next - '0';
                if (next != ':')
                    throw new FormatException($"'{next}' where ':' was due");
                char[] text = new char[length];
                for (int i = 0; i < length; i++)
                    text[i] = await self.SwitchBack(null);
                next = await self.SwitchBack(new string(text));
            }
        });
        List<string> found = [];
        foreach (char next in "5:hello2:::12:twelve chars")
        {
            if (await parser.Switch(next) is { } text)
                found.Add(text);
        }

        Assert.Equal(["hello", "::", "twelve chars"], found);
        await Assert.ThrowsAsync<FormatException>(async () => await parser.Switch('x'));
        Assert.False(parser.IsAlive);
    }

    [Fact]
    public async Task Three_that_hand_a_token_round()
    {
        SymmetricCoroutine<int, int>[] ring = new SymmetricCoroutine<int, int>[3];
        for (int i = 0; i < 3; i++)
        {
            int number = i;
            ring[i] = new(async (_, token) =>
            {
                while (token < 9)
                {
                    _log.Add($"{number} has {token}");
                    token = await ring[(number + 1) % 3].Switch(token + 1);
                }

                return token;
            });
        }

        Assert.Equal(9, await ring[0].Switch(0));
        _log.Expect([.. Enumerable.Range(0, 9).Select(token => $"{token % 3} has {token}")]);
    }

    [Fact]
    public async Task A_producer_and_a_consumer_that_know_each_other()
    {
        SymmetricCoroutine<int, string> consumer = null!;
        SymmetricCoroutine<string, int> producer = new(async (_, _) =>
        {
            for (int item = 1; item <= 3; item++)
                _log.Add($"the consumer says: {await consumer.Switch(item)}");
            return 3;
        });
        consumer = new(async (self, item) =>
        {
            while (true)
            {
                _log.Add($"consumed {item}");
                item = await self.SwitchBack($"thanks for {item}");
            }
        });
        Assert.Equal(3, await producer.Switch(""));
        _log.Expect(
            "consumed 1", "the consumer says: thanks for 1",
            "consumed 2", "the consumer says: thanks for 2",
            "consumed 3", "the consumer says: thanks for 3");
    }

    [Fact]
    public async Task A_generator_that_walks_a_tree_by_recursion()
    {
        Node tree = new(4, new(2, new(1), new(3)), new(6, new(5), new(7)));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], await ToList(Walker(tree)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_recursion_as_deep_as_it_may_be(bool inACoroutine)
    {
        // A list, as a tree: deeper than the stack could hold.
        const int depth = 100_000;
        Node tree = new(depth - 1);
        for (int i = depth - 2; i >= 0; i--)
            tree = new(i, null, tree);
        int thread = Environment.CurrentManagedThreadId;
        if (inACoroutine)
            new VirtualRun().Run(Walk);
        else
            await Walk();

        async Task Walk()
        {
            Assert.Equal(Enumerable.Range(0, depth), await ToList(Walker(tree)));
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
        }
    }

    private static SymmetricCoroutine<bool, int?> Walker(Node tree) => new(async (self, _) =>
    {
        await VisitAsync(tree);
        return null;

        async Task VisitAsync(Node node)
        {
            if (node.Left is not null)
                await VisitAsync(node.Left);
            await self.SwitchBack(node.Value);
            if (node.Right is not null)
                await VisitAsync(node.Right);
        }
    });

    private static async Task<List<int>> ToList(SymmetricCoroutine<bool, int?> numbers)
    {
        List<int> list = [];
        while (await numbers.Switch(true) is { } number)
            list.Add(number);
        return list;
    }
}
