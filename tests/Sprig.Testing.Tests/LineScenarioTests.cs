using Xunit;

namespace Sprig.Testing.Tests;

public class LineScenarioTests
{
    public static TheoryData<string> Names => [.. Of(new SimulatedBoard()).All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_simulated_board_does_what_a_kernels_chip_does(string name) => SimulatedBoardTests.Run(async (board, _) =>
    {
        await Of(board).All.Single(scenario => scenario.Name == name).RunAsync();
        Assert.Equal(0, board.HeldLines);
    });

    private static LineScenarios Of(SimulatedBoard board) => new(board, board.Drive, line => board[line]);
}
