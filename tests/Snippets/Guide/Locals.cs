using Sprig.Scheduling;

namespace Snippets.Guide;

/// <summary>The guide's pieces on state of one's own and on switching; each region is one fence.</summary>
internal static class Locals
{
    internal static async Task LocalAsync(Func<Task> workAsync)
    {
        #region local
        CoroutineLocal<int> retries = new();        // each coroutine's own, not inherited, dropped when it ends
        retries.Value++;
        await workAsync();
        Console.WriteLine(retries.Value);           // 1, whatever the others do with theirs
        #endregion
    }

    internal static async Task SwitchAsync()
    {
        #region switch
        SymmetricCoroutine<int, int> sums = new(async (self, number) =>
        {
            int sum = 0;
            while (true)
                number = await self.SwitchBack(sum += number);  // hands a value back, and gets the next one
        });
        Console.WriteLine(await sums.Switch(1));                // 1
        Console.WriteLine(await sums.Switch(10));               // 11
        await sums.DisposeAsync();                              // its finally blocks run
        #endregion
    }
}
